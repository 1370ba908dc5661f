/** Plotly's picture over the server's SVG. Plotly draws it once; if only labels and positions change, its nodes are patched. */

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
  }

  /** Show a figure, by a patch if it has the structure of the drawn one.
   * @param {Figure} figure */
  async show(figure) {
    if (this.drawn && haveSameStructure(this.drawn, figure)) this.patch(figure);
    else await this.draw(figure);
  }

  /** Let Plotly draw the figure, so that its own state agrees with the nodes.
   * @param {Figure} figure */
  async draw(figure) {
    const { root } = this;
    for (const node of root.querySelectorAll(".annotation[transform]")) node.removeAttribute("transform"); // set by patches
    if (this.drawn) await Plotly.react(root, figure.data, figure.layout, CONFIG);
    else await Plotly.newPlot(root, figure.data, figure.layout, CONFIG);
    this.drawn = this.inNodes = figure;
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
    const { root } = this;
    const [now, was] = [textsOf(figure), textsOf(/** @type {Figure} */ (this.inNodes))];
    root.querySelectorAll(".textpoint > text").forEach((node, k) => {
      const [piece, before] = [now(k), was(k)];
      const { style } = /** @type {SVGTextElement} */ (node);
      if (before.text !== piece.text) node.textContent = piece.text;
      if (before.x !== piece.x) node.setAttribute("x", piece.x);
      if (before.y !== piece.y) node.setAttribute("y", piece.y);
      if (before.anchor !== piece.anchor) node.setAttribute("text-anchor", piece.anchor);
      if (before.size !== piece.size) {
        style.fontSize = `${piece.size}px`;
        node.parentElement?.setAttribute("transform", `translate(0,${piece.size / 4})`); // as Plotly centres it
      }
      if (before.color !== piece.color) {
        style.fill = piece.color;
        style.fillOpacity = ""; // the colour of faint text includes its opacity
      }
      if (before.family !== piece.family) style.fontFamily = piece.family;
      if (before.weight !== piece.weight) style.fontWeight = piece.weight;
      if (before.style !== piece.style) style.fontStyle = piece.style;
    });
    root.querySelectorAll(".shapelayer path").forEach((node, k) => {
      const shape = figure.layout.shapes[k];
      if (node.getAttribute("d") !== shape.path) node.setAttribute("d", shape.path);
      /** @type {SVGPathElement} */ (node).style.strokeWidth = `${shape.line.width}px`;
    });
    const places = /** @type {Figure} */ (this.drawn).layout.annotations;
    root.querySelectorAll(".annotation").forEach((node, k) => {
      const { text, x, y } = figure.layout.annotations[k];
      const label = node.querySelector(".annotation-text");
      if (label && label.textContent !== text) label.textContent = text;
      node.setAttribute("transform", `translate(${x - places[k].x},${y - places[k].y})`);
    });
    const isAsHigh = this.inNodes?.layout.height === figure.layout.height;
    this.inNodes = figure;
    if (!isAsHigh) this.resize(figure.layout.height);
  }

  /** Change the height of the picture, which stays in its place unless it would be cut.
   * @param {number} height */
  resize(height) {
    for (const node of this.root.querySelectorAll(".main-svg, .clips rect, .bglayer .bg")) node.setAttribute("height", String(height));
    /** @type {HTMLElement} */ (this.root.querySelector(".svg-container")).style.height = `${height}px`;
    if (height > this.highest) this.scale();
  }
}

/** @param {Figure} a @param {Figure} b */
function haveSameStructure(a, b) {
  const names = (/** @type {Figure} */ f) => f.layout.shapes.map((/** @type {Plotly.Dict} */ s) => s.name).join();
  return (
    a.layout.width === b.layout.width &&
    a.data[0]?.text.length === b.data[0]?.text.length &&
    a.layout.annotations.length === b.layout.annotations.length &&
    names(a) === names(b)
  );
}

/** The k-th piece of text of a figure.
 * @param {Figure} figure
 * @returns {(k: number) => Plotly.Dict} */
function textsOf({ data: [texts = {}] }) {
  const { text, x, y, textposition, textfont } = texts;
  const { size, color, family, weight, style } = textfont;
  return (k) => ({
    text: text[k],
    x: x[k],
    y: y[k],
    anchor: ANCHORS[textposition[k].split(" ")[1]] ?? "middle",
    size: size[k],
    color: color[k],
    family: family[k],
    weight: weight[k],
    style: style[k],
  });
}

/** The text-anchor, by the side of its point on which a text is. @type {Record<string, string>} */
const ANCHORS = { left: "end", right: "start" };
