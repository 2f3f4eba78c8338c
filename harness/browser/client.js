// Runs in the page: follows runs by EventSource and agents by WebSocket, as any page would, and tells the test what it saw. `note` and `socketPath` are the test's.
const again = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** EventSource resumes by itself, with the id of the last event, unless the answer is no stream; then a new one begins from the beginning. */
window.followRun = (client, run, path, kinds) => {
  let [connection, last] = [0, 0];
  const begin = () => note({ what: "begin", f: "stream", client, connection: ++connection, key: run, after: last });
  const connect = () => {
    const source = new EventSource(path);
    begin();
    source.onopen = () => note({ what: "open", client, connection });
    for (const kind of kinds) {
      source.addEventListener(kind, ({ lastEventId, data }) => {
        last = Number(lastEventId);
        note({ what: "event", client, connection, id: last, kind, data });
        if (kind !== "end") return;
        source.close();
        note({ what: "over", client, connection });
      });
    }
    source.onerror = async () => {
      note({ what: "lost", client, connection });
      if (source.readyState !== EventSource.CLOSED) {
        begin();
        return;
      }
      last = 0;
      await again(500);
      connect();
    };
  };
  connect();
};

/** A WebSocket does not resume by itself: this client says which message it has. */
window.followAgent = async (client, agent) => {
  for (let connection = 1; !window.leaving; connection++) {
    const path = await socketPath(client, agent, connection);
    const socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
    window.sockets = [...(window.sockets ?? []), socket];
    socket.onopen = () => note({ what: "open", client, connection });
    socket.onmessage = ({ data }) => note({ what: "event", client, connection, data });
    await new Promise((resolve) => {
      socket.onclose = resolve;
    });
    await note({ what: window.leaving ? "over" : "lost", client, connection });
    // It backs off, as pages do: what is said meanwhile it has to be told.
    await again(1000);
  }
};

window.leave = () => {
  window.leaving = true;
  for (const socket of window.sockets ?? []) socket.close();
};
