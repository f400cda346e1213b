// Which labels below a chart are shown where there is no room for all.

export interface Span {
  start: number;
  end: number;
}

const GAP = 6;

/** Of labels from left to right, those that do not run into one that is kept; the last one always is. */
export function labelsWithRoom(labels: Span[], gap = GAP): boolean[] {
  let limit = Infinity;
  return labels
    .toReversed()
    .map(({ start, end }) => {
      const fits = end + gap <= limit;
      if (fits) limit = start;
      return fits;
    })
    .toReversed();
}
