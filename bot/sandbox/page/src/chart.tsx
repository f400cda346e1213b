// A chart, drawn by slack-blocks-to-jsx, without the labels that would run into each other.
import { useLayoutEffect, useRef } from "react";
import type { DisplayBlock } from "./blockkit";
import { labelsWithRoom } from "./chart-labels";
import { DisplayBlockView } from "./display";

/** The categories are the texts right in the drawing that share the first one's height; the axes' names do not. */
function categoryLabels(drawing: SVGSVGElement): SVGTextElement[] {
  const texts = [...drawing.querySelectorAll<SVGTextElement>(":scope > text")];
  return texts.filter((text) => text.getAttribute("y") === texts[0]?.getAttribute("y"));
}

export function ChartView({ block }: { block: DisplayBlock }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const drawing = frame.current?.querySelector<SVGSVGElement>('svg[role="img"]');
    if (!drawing) return;
    const labels = categoryLabels(drawing);
    const spans = labels.map((label) => {
      const { x, width } = label.getBBox();
      return { start: x, end: x + width };
    });
    labelsWithRoom(spans).forEach((fits, index) => {
      labels[index]?.style.setProperty("visibility", fits ? "visible" : "hidden");
    });
  }, [block]);
  return (
    <div ref={frame} data-testid="chart">
      <DisplayBlockView block={block} />
    </div>
  );
}
