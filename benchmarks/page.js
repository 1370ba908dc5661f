/** Runs in the page: moves real sliders and waits for the frame with the changed picture. */

const PATIENCE = 10_000; // ms for any picture

/** @returns {Promise<void>} just after the current frame has been painted */
const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
  );

/** @returns {Promise<void>} just after a frame; an idle page may paint its first frame at any time */
async function afterFrame() {
  for (let k = 0; k < 3; k++) await painted();
}

/** The stops of a slider. */
const stopsOf = (name) => scriptData.fields.find((f) => f.name === name).stops;

/** Whether Plotly's picture contains this number. */
const shows = (number) => [...document.querySelectorAll("#plot .textpoint > text")].some((n) => n.textContent === number);

const rangeOf = (name) => document.querySelector(`input[type=range][data-for=${name}]`);

/** Move a slider to a number, with the event of a manual move. Its track is logarithmic, and ends at its last stop. */
function move(range, number) {
  const { min, max: highest } = document.getElementById(range.dataset.for);
  const max = range.dataset.stops?.split(" ").at(-1) ?? highest;
  range.value = (range.max * Math.log(number / min)) / Math.log(max / min);
  range.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @returns {Promise<void>} when Plotly's picture contains the number, or without a number when it changes */
const changed = (number) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the picture does not say ${number}`)), PATIENCE);
    const watch = new MutationObserver(() => {
      if (number && !shows(number)) return;
      watch.disconnect();
      clearTimeout(late);
      resolve();
    });
    watch.observe(document.getElementById("plot"), { subtree: true, childList: true, characterData: true, attributes: !number });
  });

/** ms from a slider's event, just after a frame, to the change of the picture, and to its frame. */
async function slide([name, number]) {
  const range = rangeOf(name);
  await afterFrame();
  const start = performance.now();
  const done = changed(name === "time_step" ? "" : String(number)); // the picture has no number of steps
  move(range, number);
  await done;
  const patched = performance.now() - start;
  await painted();
  return [patched, performance.now() - start];
}

/** ms from an event of the slider over the steps to the frame with another picture. */
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

/** The same for the minimal redraw, which replaces the SVG. */
async function redraw(svg) {
  await afterFrame();
  const start = performance.now();
  document.body.innerHTML = svg;
  const patched = performance.now() - start;
  await painted();
  return [patched, performance.now() - start];
}

/** Move a slider by one stop in every frame, back and forth, for some seconds.
 * @returns pictures and frames per second, and the longest task of the page in ms (0: none of 50 ms or more) */
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
