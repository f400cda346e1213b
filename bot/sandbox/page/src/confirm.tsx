// Slack's "are you sure" dialog before a press.
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import type { Confirm } from "./blockkit-elements";
import { Dialog } from "./dialog";
import { TextView } from "./text";

type Ask = (confirm: Confirm) => Promise<boolean>;

const ConfirmContext = createContext<Ask | null>(null);

interface Question {
  confirm: Confirm;
  answer(yes: boolean): void;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask = useCallback<Ask>(
    (confirm) =>
      new Promise((resolve) => {
        setQuestion({
          confirm,
          answer: (yes) => {
            setQuestion(null);
            resolve(yes);
          },
        });
      }),
    [],
  );
  return (
    <ConfirmContext value={ask}>
      {children}
      {question && <ConfirmDialog {...question} />}
    </ConfirmContext>
  );
}

function ConfirmDialog({ confirm, answer }: Question) {
  return (
    <Dialog
      role="alertdialog"
      size="small"
      labelledBy="confirm-title"
      testId="confirm"
      onEscape={() => answer(false)}
    >
      <div className="dialog-head">
        <h2 id="confirm-title">
          <TextView text={confirm.title} />
        </h2>
      </div>
      <div className="dialog-body">
        <TextView text={confirm.text} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" data-testid="confirm-deny" onClick={() => answer(false)}>
          <TextView text={confirm.deny} />
        </button>
        <button
          type="button"
          className={`button button-${confirm.style ?? "primary"}`}
          data-testid="confirm-yes"
          data-autofocus=""
          onClick={() => answer(true)}
        >
          <TextView text={confirm.confirm} />
        </button>
      </div>
    </Dialog>
  );
}

export function useConfirm(): Ask {
  const ask = useContext(ConfirmContext);
  if (!ask) throw new Error("ConfirmProvider is missing");
  return ask;
}
