/** Runs in the page: moves real sliders and waits for the frame in which the picture has changed. */

const PATIENCE = 10_000; // ms for any picture

/** @returns {Promise<void>} just after the frame being made has been painted */
const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
  );

/** @returns {Promise<void>} at the beginning of the time between two frames: a page at rest makes its first frame at any time */
async function afterFrame() {
  for (let k = 0; k < 3; k++) await painted();
}

/** The numbers on which a slider rests; they are listed in the page. */
const stopsOf = (name) => JSON.parse(document.getElementById("fields").textContent).find((f) => f.name === name).stops;

/** Whether Plotly's picture says this number. */
const says = (number) => [...document.querySelectorAll("#plot .textpoint > text")].some((n) => n.textContent === number);

const rangeOf = (name) => document.querySelector(`input[type=range][data-for=${name}]`);

/** Move a slider to a number; the event is the one that a hand on it sends. Its track is logarithmic. */
function move(range, number) {
  const { min, max } = document.getElementById(range.dataset.for);
  range.value = (range.max * Math.log(number / min)) / Math.log(max / min);
  range.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @returns {Promise<void>} when Plotly's picture says the number */
const changed = (number) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the picture does not say ${number}`)), PATIENCE);
    const watch = new MutationObserver(() => {
      if (!says(number)) return;
      watch.disconnect();
      clearTimeout(late);
      resolve();
    });
    watch.observe(document.getElementById("plot"), { subtree: true, childList: true, characterData: true });
  });

/** ms from a slider's event, just after a frame, to the picture's change, and to the frame that shows it. */
async function slide([name, number]) {
  const range = rangeOf(name);
  await afterFrame();
  const start = performance.now();
  const done = changed(String(number));
  move(range, number);
  await done;
  const patched = performance.now() - start;
  await painted();
  return [patched, performance.now() - start];
}

/** ms from an event of the slider over the steps to the frame that shows another picture. */
async function scrub(t) {
  const range = document.getElementById("scrub");
  await afterFrame();
  const start = performance.now();
  const done = new Promise((resolve) => {
    new MutationObserver((_, watch) => (watch.disconnect(), resolve())).observe(document.getElementById("plot"), {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
  range.value = t;
  range.dispatchEvent(new Event("input", { bubbles: true }));
  await done;
  await painted();
  return performance.now() - start;
}

/** The same for the minimal redraw: the frame in which the given SVG stands in place of the old. */
async function redraw(svg) {
  await afterFrame();
  const start = performance.now();
  document.body.innerHTML = svg;
  const patched = performance.now() - start;
  await painted();
  return [patched, performance.now() - start];
}

/** Move a slider one stop further in every frame, to and fro, for some seconds.
 * @returns pictures and frames a second, and the longest task of the page in ms (0: none of 50 ms or more) */
async function drag([name, low, high, seconds]) {
  const range = rangeOf(name);
  const stops = stopsOf(name).filter((n) => low <= n && n <= high);
  const tasks = [0];
  const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
  watch.observe({ type: "longtask" });
  const texts = () => [...document.querySelectorAll("#plot .textpoint > text")].map((n) => n.textContent).join();
  let [pictures, before] = [0, texts()];
  const start = performance.now();
  let k = 0;
  for (; performance.now() - start < 1000 * seconds; k++) {
    const at = k % (2 * stops.length - 2);
    move(range, stops[Math.min(at, 2 * stops.length - 2 - at)]);
    await painted();
    const now = texts();
    if (now !== before) pictures++;
    before = now;
  }
  const passed = (performance.now() - start) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 1000)); // the page settles
  watch.disconnect();
  return [pictures / passed, k / passed, Math.max(...tasks)];
}

Object.assign(globalThis, { slide, scrub, redraw, drag });
