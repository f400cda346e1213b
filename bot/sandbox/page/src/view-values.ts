// What was entered in each view of a stack, so that going back finds it again.
import { useCallback, useState } from "react";
import { withEntered } from "./block-host";
import type { ElementValue, StateValues } from "./block-state";

const NOTHING: StateValues = {};

export function useViewValues(viewId: string) {
  const [byView, setByView] = useState<Record<string, StateValues>>({});
  const enter = useCallback(
    (blockId: string, actionId: string, value: ElementValue) =>
      setByView((before) => ({
        ...before,
        [viewId]: withEntered(before[viewId] ?? NOTHING, blockId, actionId, value),
      })),
    [viewId],
  );
  return { entered: byView[viewId] ?? NOTHING, enter };
}
