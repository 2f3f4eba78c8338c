// Search and filter: which claims are shown, kept in the address so that what one sees can be sent on; and the keys that go with it.

/** `onChange(state)` hears of every change; returns apply(state), which shows what state says without telling anybody. */
export function startFilter(onChange) {
  const form = document.querySelector(".search");
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const buttons = [...document.querySelectorAll(".filter")];
  const rows = [...document.querySelectorAll(".matrix tbody tr")];
  const cards = [...document.querySelectorAll(".claim")];
  const texts = new Map();
  form.hidden = false;
  document.querySelector(".keys").hidden = false;

  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  const hideEmpty = (selector, inside) => {
    for (const whole of document.querySelectorAll(selector)) whole.hidden = ![...whole.querySelectorAll(inside)].some((one) => !one.hidden);
  };

  function apply({ query, verdicts }) {
    if (input.value !== query) input.value = query;
    for (const button of buttons) button.setAttribute("aria-pressed", String(verdicts.includes(button.dataset.verdict)));
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (element) =>
      (verdicts.length === 0 || verdicts.includes(element.dataset.verdict)) && words.every((word) => textOf(element).includes(word));
    const narrowed = words.length > 0 || verdicts.length > 0;
    for (const element of [...rows, ...cards]) element.hidden = narrowed && !matches(element);
    hideEmpty(".document", "tbody tr");
    hideEmpty(".document > .matrix", "tbody tr");
    hideEmpty(".untried", "tbody tr");
    if (narrowed) for (const folded of document.querySelectorAll(".untried:not([hidden])")) folded.open = true;
    for (const section of document.querySelectorAll(".experiment")) {
      section.hidden = narrowed && ![...section.querySelectorAll(".claim")].some((card) => !card.hidden);
      const link = document.querySelector(`.contents li a[data-experiment="${CSS.escape(section.id)}"]`);
      if (link) link.parentElement.hidden = section.hidden;
    }
    const shown = rows.filter((row) => !row.hidden).length;
    output.textContent = narrowed ? `${shown} of ${rows.length} claims${shown === 0 ? ": nothing matches" : ""}` : "";
  }

  const state = () => ({
    query: input.value,
    verdicts: buttons.filter((one) => one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.verdict),
  });
  const changed = () => {
    apply(state());
    onChange(state());
  };
  input.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    (cards.find((card) => !card.hidden) ?? rows.find((row) => !row.hidden))?.scrollIntoView({ block: "start" });
  });
  for (const button of buttons)
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      changed();
    });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === input) {
      if (event.key !== "Escape") return;
      input.value = "";
      changed();
      return input.blur();
    }
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") {
      event.preventDefault();
      input.focus();
    } else if (event.key === "n" || event.key === "p") step(event.key === "n" ? 1 : -1);
  });

  /** To the next claim that is violated, or else undecided, from where the reader is. */
  function step(direction) {
    const open = cards.filter((card) => !card.hidden && card.offsetParent !== null);
    const violated = open.filter((card) => card.dataset.verdict === "violated");
    const all = violated.length > 0 ? violated : open.filter((card) => card.dataset.verdict === "inconclusive");
    const here = all.indexOf(document.activeElement?.closest?.(".claim"));
    const next = all[here < 0 ? (direction > 0 ? 0 : all.length - 1) : (here + direction + all.length) % all.length];
    next?.scrollIntoView({ block: "start" });
    next?.focus({ preventScroll: true });
  }
  return apply;
}

/** The address's part behind "#": where to go, and what to show. A "?" inside a name is encoded, so the first one ends it. */
export function readAddress() {
  const [place = "", query = ""] = location.hash.slice(1).split("?", 2);
  const asked = new URLSearchParams(query);
  return { place, state: { query: asked.get("q") ?? "", verdicts: (asked.get("verdict") ?? "").split(",").filter(Boolean) } };
}

/** Kept without a new entry in the history. */
export function writeAddress(place, { query, verdicts }) {
  const asked = new URLSearchParams([...(query ? [["q", query]] : []), ...(verdicts.length > 0 ? [["verdict", verdicts.join(",")]] : [])]);
  const hash = `${place}${asked.size > 0 ? `?${asked}` : ""}`;
  history.replaceState(null, "", hash === "" ? location.pathname : `#${hash}`);
}
