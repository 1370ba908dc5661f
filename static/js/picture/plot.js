/** Plotly's picture over the server's SVG. Plotly draws it once; if its size stays, its nodes are patched, which takes a third of the
 * time. */

/** @typedef {{data: Plotly.Dict[], layout: Plotly.Dict}} Figure */

const CONFIG = { staticPlot: true, displayModeBar: false };

/** Load Plotly's script.
 * @param {string} source
 * @returns {Promise<void>} */
export function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("Plotly could not be loaded"));
    document.head.append(script);
  });
}

export class Plot {
  /** @param {Plotly.PlotElement} root @param {HTMLElement} frame that the picture fills */
  constructor(root, frame) {
    this.root = root;
    this.frame = frame;
    /** The size of the frame when it was measured: that takes milliseconds while nodes change. */
    this.room = { width: 0, height: 0 };
    /** The largest height of a picture that fits the frame in its place. */
    this.highest = 0;
    /** The last figure that Plotly drew, without patches. @type {Figure | null} */
    this.drawn = null;
    /** The figure that Plotly's nodes show: drawn or patched. @type {Figure | null} */
    this.inNodes = null;
    /** These nodes, once a patch has looked for them. @type {ReturnType<typeof nodesIn> | null} */
    this.nodes = null;
  }

  /** Show a figure, by a patch if nodes of the drawn one can show it.
   * @param {Figure} figure */
  async show(figure) {
    if (this.drawn && canBePatched(this.drawn, figure)) this.patch(figure);
    else await this.draw(figure);
    // An event of a key or of a touch comes between two frames. The browser lays out in this time, and not in the next frame, which is
    // painted sooner. In a task of its own, so that all changes are made; without effect after the frame of a drag.
    setTimeout(() => this.root.getBoundingClientRect());
  }

  /** Let Plotly draw the figure, so that its own state agrees with the nodes.
   * @param {Figure} figure */
  async draw(figure) {
    const { root } = this;
    for (const node of root.querySelectorAll(".annotation[transform]")) node.removeAttribute("transform"); // set by patches
    if (this.drawn) await Plotly.react(root, figure.data, figure.layout, CONFIG);
    else await Plotly.newPlot(root, figure.data, figure.layout, CONFIG);
    this.drawn = this.inNodes = figure;
    this.nodes = null;
    this.frame.classList.add("drawn");
    this.fit();
  }

  /** Whether Plotly has drawn what is shown, without patches. */
  get isDrawn() {
    return this.drawn !== null && this.inNodes === this.drawn;
  }

  /** Measure the frame, and scale the picture to it. */
  fit() {
    this.room = this.frame.getBoundingClientRect();
    this.scale();
  }

  /** Scale the picture to its frame, in the middle of it, as the browser does with the server's SVG. */
  scale() {
    if (!this.inNodes) return;
    const { room } = this;
    const { width, height } = this.inNodes.layout;
    const scale = Math.min(room.width / width, room.height / height);
    const [x, y] = [(room.width - scale * width) / 2, (room.height - scale * height) / 2];
    this.root.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.highest = (room.height - y) / scale;
  }

  /** Write new texts, positions, line widths and the height into Plotly's nodes. One unit of the axes is one pixel, so the values of the
   * figure need no conversion.
   * @param {Figure} figure */
  patch(figure) {
    const before = /** @type {Figure} */ (this.inNodes);
    const nodes = (this.nodes ??= nodesIn(this.root));
    const { texts, annotations } = nodes;
    const [shapes, oldShapes] = [figure.layout.shapes, before.layout.shapes];
    const isSame = namesOf(shapes) === namesOf(oldShapes);
    const paths = isSame ? nodes.paths : (nodes.paths = rearranged(nodes.paths, oldShapes, shapes));
    const [now, was] = [textsOf(figure), textsOf(before)];
    setLength(texts, now.text?.length ?? 0);
    for (const [name, write] of Object.entries(WRITERS)) {
      const [values = [], old = []] = [now[name], was[name]];
      if (values !== old) texts.forEach((node, k) => values[k] !== old[k] && write(node, values[k])); // a template shares what is the same
    }
    paths.forEach((node, k) => {
      const [{ path, line }, old] = [shapes[k], isSame ? oldShapes[k] : null];
      if (path !== old?.path) node.setAttribute("d", path);
      if (line.width !== old?.line.width) node.style.strokeWidth = `${line.width}px`;
    });
    const places = /** @type {Figure} */ (this.drawn).layout.annotations;
    annotations.forEach(({ node, label }, k) => {
      const [{ text, x, y }, old] = [figure.layout.annotations[k], before.layout.annotations[k]];
      if (label && text !== old.text) writeText(label, text);
      if (x !== old.x || y !== old.y) node.setAttribute("transform", `translate(${x - places[k].x},${y - places[k].y})`);
    });
    this.inNodes = figure;
    if (before.layout.height !== figure.layout.height) this.resize(figure.layout.height);
  }

  /** Change the height of the picture, which stays in its place unless it would be cut.
   * @param {number} height */
  resize(height) {
    for (const node of this.root.querySelectorAll(".main-svg, .clips rect, .bglayer .bg")) node.setAttribute("height", String(height));
    /** @type {HTMLElement} */ (this.root.querySelector(".svg-container")).style.height = `${height}px`;
    if (height > this.highest) this.scale();
  }
}

/** Write a text into an element. A new node would be laid out anew, and its ancestors would get their styles again.
 * @param {Element} element @param {string} text */
function writeText(element, text) {
  const { childNodes } = element;
  const [node] = childNodes;
  if (childNodes.length === 1 && node instanceof Text) node.data = text;
  else element.textContent = text;
}

/** Whether nodes of a drawn figure can show another one. Rotated words are the only ones that Plotly has to draw.
 * @param {Figure} drawn @param {Figure} figure */
function canBePatched(drawn, figure) {
  const [hasTexts, hadTexts] = [figure, drawn].map(({ data }) => data[0]?.text.length > 0);
  const [count, before] = [figure, drawn].map(({ layout }) => layout.annotations.length);
  return drawn.layout.width === figure.layout.width && count === before && hasTexts === hadTexts && drawn.layout.shapes.length > 0;
}

/** The names of the kinds of outlines, each of which is one path.
 * @param {Plotly.Dict[]} shapes */
const namesOf = (shapes) => shapes.map(({ name }) => name).join();

/** The paths of other kinds of outlines: those that stay, and new ones, in the order in which they cover each other.
 * @param {SVGPathElement[]} paths @param {Plotly.Dict[]} before @param {Plotly.Dict[]} shapes */
function rearranged(paths, before, shapes) {
  const groups = new Map(before.map(({ name }, k) => [name, /** @type {Element} */ (paths[k]?.parentElement)]));
  const [first] = /** @type {[SVGPathElement]} */ (paths);
  const layer = /** @type {Element} */ (first.closest(".shapelayer"));
  const now = shapes.map((shape) => groups.get(shape.name) ?? outlined(/** @type {Element} */ (first.parentElement), shape));
  for (const group of groups.values()) if (!now.includes(group)) group.remove();
  now.forEach((group, k) => layer.children[k] !== group && layer.insertBefore(group, layer.children[k] ?? null));
  return now.map((group) => /** @type {SVGPathElement} */ (group.firstElementChild));
}

/** A path as Plotly draws it, in a group like another one.
 * @param {Element} group @param {Plotly.Dict} shape */
function outlined(group, { fillcolor, line, opacity = 1 }) {
  const copy = /** @type {Element} */ (group.cloneNode(true));
  const { style } = /** @type {SVGPathElement} */ (copy.firstElementChild);
  style.cssText = "";
  Object.assign(style, { opacity, stroke: line.color, fill: fillcolor, strokeDasharray: line.dash === "solid" ? "" : line.dash });
  return copy;
}

/** Remove texts, or add copies of the last one, until there is a number of them.
 * @param {SVGTextElement[]} texts @param {number} count */
function setLength(texts, count) {
  for (const node of texts.splice(count)) node.parentElement?.remove();
  while (texts.length < count) {
    const last = /** @type {Element} */ (texts.at(-1)?.parentElement);
    const copy = /** @type {Element} */ (last.cloneNode(true));
    last.after(copy);
    texts.push(/** @type {SVGTextElement} */ (copy.firstElementChild));
  }
}

/** What Plotly's nodes show.
 * @param {Element} root */
function nodesIn(root) {
  const annotations = [...root.querySelectorAll(".annotation")].map((node) => ({ node, label: node.querySelector(".annotation-text") }));
  const texts = /** @type {SVGTextElement[]} */ ([...root.querySelectorAll(".textpoint > text")]);
  const paths = /** @type {SVGPathElement[]} */ ([...root.querySelectorAll(".shapelayer path")]);
  return { texts, paths, annotations };
}

/** The texts of a figure: a list for each property.
 * @param {Figure} figure
 * @returns {Record<string, any[]>} */
function textsOf({ data: [texts = { textfont: {} }] }) {
  const { text, x, y, textposition, textfont } = texts;
  const { size, color, family, weight, style } = textfont;
  return { text, x, y, textposition, size, color, family, weight, style };
}

/** Write a property of a text into its node, as Plotly does. @type {Record<string, (node: SVGTextElement, value: any) => void>} */
const WRITERS = {
  text: writeText,
  x: (node, x) => node.setAttribute("x", x),
  y: (node, y) => node.setAttribute("y", y),
  textposition: (node, position) => node.setAttribute("text-anchor", ANCHORS[position.split(" ")[1]] ?? "middle"),
  size: (node, size) => {
    node.style.fontSize = `${size}px`;
    node.parentElement?.setAttribute("transform", `translate(0,${size / 4})`); // as Plotly centres it
  },
  color: ({ style }, color) => {
    style.fill = color;
    style.fillOpacity = ""; // the colour of faint text includes its opacity
  },
  family: ({ style }, family) => (style.fontFamily = family),
  weight: ({ style }, weight) => (style.fontWeight = weight),
  style: ({ style }, name) => (style.fontStyle = name),
};

/** The text-anchor, by the side of its point on which a text is. @type {Record<string, string>} */
const ANCHORS = { left: "end", right: "start" };
