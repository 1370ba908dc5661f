/** The part of Plotly.js that static/js uses. The figure itself comes from the server, ready-made. */
declare namespace Plotly {
  type Dict = Record<string, any>;

  interface Figure {
    data: Dict[];
    layout: Dict;
  }

  interface PlotEvent {
    points?: Dict[];
    xvals?: number[];
    yvals?: number[];
    event: MouseEvent;
  }

  interface PlotElement extends HTMLElement {
    data: Dict[];
    layout: Dict;
    /** Internals: only where a comment beside the use says why. */
    _fullData: Dict[];
    _fullLayout: Dict;
    calcdata: Dict[][];
    on(event: string, listener: (event: PlotEvent) => void): void;
  }

  type Root = string | HTMLElement;

  function newPlot(root: Root, data: Dict[], layout?: Dict, config?: Dict): Promise<PlotElement>;
  function react(root: Root, data: Dict[], layout?: Dict, config?: Dict): Promise<PlotElement>;
  function relayout(root: Root, changes: Dict): Promise<PlotElement>;
  function restyle(root: Root, changes: Dict, traces?: number[]): Promise<PlotElement>;
  function purge(root: Root): void;
  const version: string;
}

interface Window {
  Plotly: typeof Plotly;
}
