// Brings the page to life: timelines when they come into view, links to moments, filters, copying, printing.
import { readAddress, startFilter, writeAddress } from "./filter.js";
import { drawTimeline } from "./timeline.js";

const drawn = new Map();
const data = JSON.parse(document.getElementById("_data").textContent);

/** The drawn timeline of a figure, drawn now if it was not. */
function timelineOf(figure) {
  const known = drawn.get(figure);
  if (known) return known;
  const made = drawTimeline(figure, data[Number(figure.dataset.index)]);
  drawn.set(figure, made);
  return made;
}

const figures = [...document.querySelectorAll(".timeline")];
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      timelineOf(entry.target);
    }
  },
  { rootMargin: "400px" },
);
for (const figure of figures) watcher.observe(figure);

const showOnly = startFilter((state) => writeAddress(readAddress().place, state));

/** `#experiment/claim@14.230?q=lock&verdict=violated`: the experiment's timeline at that moment, the claim marked, the rest filtered. */
function follow() {
  for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
  const { place, state } = readAddress();
  showOnly(state);
  let target;
  try {
    target = decodeURIComponent(place);
  } catch {
    return;
  }
  const moment = /^(.*)@(-?\d+(?:\.\d+)?)$/s.exec(target);
  const id = moment && !document.getElementById(target) ? moment[1] : target;
  const found = document.getElementById(id);
  found?.classList.add("current");
  const figure = found?.closest(".experiment")?.querySelector(".timeline");
  if (!moment || id === target || !figure) {
    if (found?.closest("details")) found.closest("details").open = true;
    // What the browser does by itself for an address without a filter.
    if (state.query || state.verdicts.length > 0) found?.scrollIntoView({ block: "start" });
    return;
  }
  timelineOf(figure).show(Number(moment[2]));
  figure.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  figure.focus({ preventScroll: true });
}
addEventListener("hashchange", follow);
// A second click on the same link changes no hash, yet the reader wants to go there again.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) follow();
});
follow();

for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      // A page opened from disk may not be allowed to: the reader copies the selection.
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
}

const contents = document.querySelector(".contents details");
const roomy = matchMedia("(min-width: 1120px)");
const foldContents = () => {
  contents.open = roomy.matches;
};
roomy.addEventListener("change", foldContents);
foldContents();

const redrawAll = () => {
  for (const timeline of drawn.values()) timeline.redraw();
};
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

/** On paper everything is drawn, light, unfolded and as wide as the sheet. */
let unfolded = [];
addEventListener("beforeprint", () => {
  document.documentElement.dataset.print = "";
  unfolded = [...document.querySelectorAll("main details:not([open])")];
  for (const folded of unfolded) folded.open = true;
  for (const figure of figures) {
    const timeline = timelineOf(figure);
    timeline.resize(680);
    timeline.redraw();
  }
});
addEventListener("afterprint", () => {
  delete document.documentElement.dataset.print;
  for (const folded of unfolded) folded.open = false;
  for (const timeline of drawn.values()) {
    timeline.resize(0);
    timeline.redraw();
  }
});
