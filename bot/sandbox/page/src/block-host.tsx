// What the elements of one message or modal share: their values, presses, and pending marks.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { api } from "./api";
import {
  collectState, initialValue, type ElementValue, type Placed, type StateValues,
} from "./block-state";
import type { AnyBlock } from "./blockkit";
import type { InteractiveElement, StatefulElement } from "./blockkit-elements";
import { useConfirm } from "./confirm";
import { useStore, useUser } from "./page-context";
import type { Container } from "./types";

type Fields = Omit<ElementValue, "type">;

interface BlockHost {
  container: Container;
  blocks: AnyBlock[];
  entered: StateValues;
  remembered: StateValues;
  enter(blockId: string, actionId: string, value: ElementValue): void;
}

const HostContext = createContext<BlockHost | null>(null);

export function BlockHostProvider({ children, ...host }: BlockHost & { children: ReactNode }) {
  const { container, blocks, entered, remembered, enter } = host;
  const value = useMemo(
    () => ({ container, blocks, entered, remembered, enter }),
    [container, blocks, entered, remembered, enter],
  );
  return <HostContext value={value}>{children}</HostContext>;
}

export function withEntered(
  values: StateValues,
  blockId: string,
  actionId: string,
  value: ElementValue,
): StateValues {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
}

/** The host of a message: values live as long as the message is on the screen. */
export function MessageBlockHost(props: {
  channel: string;
  ts: string;
  blocks: AnyBlock[];
  children: ReactNode;
}) {
  const { channel, ts, blocks, children } = props;
  const [entered, setEntered] = useState<StateValues>({});
  const container = useMemo<Container>(() => ({ type: "message", channel, ts }), [channel, ts]);
  const enter = useCallback<BlockHost["enter"]>(
    (blockId, actionId, value) =>
      setEntered((before) => withEntered(before, blockId, actionId, value)),
    [],
  );
  return (
    <BlockHostProvider {...{ container, blocks, entered, enter }} remembered={NOTHING}>
      {children}
    </BlockHostProvider>
  );
}

const NOTHING: StateValues = {};

function useHost(): BlockHost {
  const host = useContext(HostContext);
  if (!host) throw new Error("BlockHostProvider is missing");
  return host;
}

/** Sends a press of `placed` to the app; `pending` names the choice that is on its way. */
export function usePress({ blockId, actionId, element }: Placed<InteractiveElement>) {
  const host = useHost();
  const store = useStore();
  const user = useUser();
  const confirm = useConfirm();
  const [pending, setPending] = useState<string | null>(null);

  const press = async (what: string, fields: Fields, values: StateValues, choice = "") => {
    setPending(choice);
    const request = api.press({
      user,
      container: host.container,
      block_id: blockId,
      action_id: actionId,
      type: element.type,
      ...fields,
      state: { values },
    });
    await store.deliver(what, request);
    setPending(null);
  };

  return {
    pending,
    /** True when the person may go on: nothing to confirm, or confirmed. */
    confirmed: async () => !element.confirm || (await confirm(element.confirm)),
    press: (what: string, fields: Fields, choice?: string) =>
      press(what, fields, collectState(host.blocks, host.entered, host.remembered), choice),
    pressWith: (what: string, value: ElementValue) => {
      const { type: _type, ...fields } = value;
      const entered = withEntered(host.entered, blockId, actionId, value);
      return press(what, fields, collectState(host.blocks, entered, host.remembered));
    },
  };
}

/** Value and setter of an input; with `dispatch`, the app hears of each change. */
export function useInput(placed: Placed<StatefulElement>, dispatch: boolean) {
  const { blockId, actionId, element } = placed;
  const host = useHost();
  const { pending, press: _press, pressWith, confirmed } = usePress(placed);
  const known = [host.entered, host.remembered]
    .map((values) => values[blockId]?.[actionId])
    .find((value) => value?.type === element.type);
  const value = known ?? initialValue(element);

  const enter = (fields: Fields) => {
    const next = { type: element.type, ...fields };
    host.enter(blockId, actionId, next);
    return next;
  };
  const dispatchValue = (next: ElementValue) => void pressWith("The change", next);
  return {
    value,
    isPending: pending !== null,
    /** Keeps the value without telling the app. */
    enter,
    /** Tells the app the present value. */
    dispatchNow: () => dispatchValue(value),
    /** Keeps the value and, where the element says so, tells the app. */
    change: async (fields: Fields) => {
      if (!dispatch) {
        enter(fields);
      } else if (await confirmed()) {
        dispatchValue(enter(fields));
      }
    },
    dispatch,
  };
}
