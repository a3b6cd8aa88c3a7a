// SPDX-License-Identifier: MIT
/* uPlot within a component. Colours come from the style sheet, so that charts follow the theme. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

export interface Line {
  text: string;
  /** a custom property of the style sheet */
  colour: string;
  values: (number | null)[];
  scale?: string;
  isDashed?: boolean;
}
interface Props {
  x: number[];
  lines: Line[];
  /** what x is, and the text of a place on it */
  axis: string;
  tick: (x: number) => string;
  name: string;
}

const HEIGHT = 220;

const valueText = (value: number | null, text: (value: number) => string): string => (value === null ? '–' : text(value));
const number = (value: number): string => String(Math.round(value));

function options({ lines, axis: xText, tick }: Props, width: number, style: CSSStyleDeclaration): uPlot.Options {
  const colour = (name: string) => style.getPropertyValue(name).trim() || 'currentColor';
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line') } };
  return {
    width, height: HEIGHT, scales: { x: { time: false } }, cursor: { drag: { x: false, y: false } },
    axes: [{ ...axis, values: (_, places) => places.map(tick) }, { ...axis, size: 44 }],
    series: [{ label: xText, value: (_, x) => valueText(x, tick) }, ...lines.map((line) => ({
      label: line.text, value: (_: uPlot, y: number | null) => valueText(y, number), stroke: colour(line.colour), width: line.isDashed ? 1 : 2, spanGaps: false, ...(line.isDashed ? { dash: [6, 4] } : {}),
      points: { show: lines[0]!.values.length < 40 && !line.isDashed },
    }))],
  };
}

export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current!;
    const data = [props.x, ...props.lines.map((line) => line.values)] as uPlot.AlignedData;
    const plot = new uPlot(options(props, Math.max(host.clientWidth, 200), getComputedStyle(host)), data, host);
    const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(host.clientWidth, 200), height: HEIGHT }));
    observer.observe(host);
    return () => { observer.disconnect(); plot.destroy(); };
  }, [props.x.join(), props.lines.map((line) => line.text).join()]);
  return <div class="chart" ref={place} role="img" aria-label={props.name} />;
}
