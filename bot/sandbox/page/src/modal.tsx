// The person's open modal: checks its inputs, sends them, shows what the app found wrong.
import { useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import { api } from "./api";
import { BlockHostProvider } from "./block-host";
import { collectState, type StateValues } from "./block-state";
import { Blocks } from "./blocks";
import { Dialog } from "./dialog";
import { Spinner } from "./elements/button";
import { useStore, useUser } from "./page-context";
import { PlainText } from "./text";
import type { Container, View } from "./types";
import { useViewValues } from "./view-values";
import { validate } from "./validation";

const NOTHING: StateValues = {};

type Problems = Record<string, string>;

const NO_PROBLEMS: Problems = {};

/** Problems under the inputs: found here or by the app, each until its input is changed. */
function useProblems(view: View) {
  const [found, setFound] = useState<Problems>(NO_PROBLEMS);
  const [settled, setSettled] = useState<Problems | undefined>(undefined);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const told = view.errors !== settled && view.errors ? view.errors : NO_PROBLEMS;
  const errors = Object.fromEntries(
    Object.entries({ ...told, ...found }).filter(([blockId]) => !changed.has(blockId)),
  );
  return {
    errors,
    found,
    told,
    /** Starts anew with `problems`; what the app said before is settled. */
    show: (problems: Problems) => {
      setFound(problems);
      setSettled(view.errors);
      setChanged(new Set());
    },
    forget: (blockId: string) => setChanged((before) => new Set(before).add(blockId)),
  };
}

/** Brings the first input with a problem into sight when problems are found. */
function useFirstProblem(found: Problems, told: Problems) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const block = form.current?.querySelector(".has-error");
    block?.scrollIntoView({ block: "nearest" });
    block?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
  }, [found, told]);
  return form;
}

export function Modal({ view }: { view: View }) {
  const user = useUser();
  const store = useStore();
  const { entered, enter } = useViewValues(view.id);
  const { errors, found, told, show, forget } = useProblems(view);
  const [busy, setBusy] = useState<"submit" | "close" | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useFirstProblem(found, told);
  const container = useMemo<Container>(() => ({ type: "view", view_id: view.id }), [view.id]);
  const remembered = view.state?.values ?? NOTHING;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const values = collectState(view.blocks, entered, remembered);
    const problems = validate(view.blocks, values);
    show(problems);
    setFailure(null);
    if (Object.keys(problems).length > 0) return;
    setBusy("submit");
    const request = api.submit({ user, view_id: view.id, state: { values } });
    const delivery = await store.deliver("Sending the form", request);
    setBusy(null);
    if (delivery?.errors) show(delivery.errors);
    else if (!delivery || delivery.error) setFailure("We had some trouble connecting. Try again?");
  };

  const close = async () => {
    if (busy) return;
    setBusy("close");
    await store.deliver("Closing the form", api.close({ user, view_id: view.id }));
    setBusy(null);
  };

  return (
    <Dialog labelledBy="modal-title" testId="modal" onEscape={() => void close()}>
      <form ref={form} noValidate onSubmit={(event) => void submit(event)} data-view-id={view.id}>
        <div className="dialog-head">
          <h2 id="modal-title">
            <PlainText text={view.title?.text ?? ""} />
          </h2>
          <button
            type="button"
            className="icon-button"
            aria-label={view.previous_view_id ? "Back" : "Close"}
            data-testid="modal-x"
            onClick={() => void close()}
          >
            ✕
          </button>
        </div>
        <div className="dialog-body">
          <BlockHostProvider
            container={container}
            blocks={view.blocks}
            entered={entered}
            remembered={remembered}
            enter={(blockId, actionId, value) => {
              enter(blockId, actionId, value);
              forget(blockId);
            }}
          >
            <Blocks key={view.id} blocks={view.blocks} errors={errors} />
          </BlockHostProvider>
        </div>
        <div className="dialog-foot">
          {failure && (
            <div className="dialog-failure" role="alert">
              {failure}
            </div>
          )}
          <button type="button" className="button" data-testid="modal-close" onClick={() => void close()}>
            <PlainText text={view.close?.text ?? (view.submit ? "Cancel" : "Close")} />
          </button>
          {view.submit && (
            <button
              type="submit"
              className="button button-primary"
              data-testid="modal-submit"
              aria-busy={busy === "submit"}
              aria-disabled={busy !== null}
            >
              {busy === "submit" && <Spinner />}
              <PlainText text={view.submit.text} />
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
