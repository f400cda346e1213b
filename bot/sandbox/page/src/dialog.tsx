// A frame over the page: keeps the focus inside, closes on Escape, gives the focus back.
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

interface DialogProps {
  labelledBy: string;
  testId: string;
  role?: "dialog" | "alertdialog";
  size?: "small" | "medium";
  onEscape(): void;
  children: ReactNode;
}

function focusablesIn(frame: HTMLElement): HTMLElement[] {
  return [...frame.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((node) => node.checkVisibility());
}

export function Dialog({ labelledBy, testId, role = "dialog", size, onEscape, children }: DialogProps) {
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    const node = frame.current;
    if (node && !node.contains(before)) {
      const wanted = node.querySelector<HTMLElement>("[data-autofocus]");
      (wanted ?? node).focus();
    }
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const node = frame.current;
    if (!node) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (!node.querySelector(":popover-open")) onEscape();
    } else if (event.key === "Tab") {
      const nodes = focusablesIn(node);
      const [first, last] = [nodes[0], nodes.at(-1)];
      const active = document.activeElement;
      const leaves = event.shiftKey ? active === first || active === node : active === last;
      if (leaves) {
        event.preventDefault();
        (event.shiftKey ? last : first)?.focus();
      }
    }
  };

  return (
    <div className="dialog-backdrop">
      <div
        ref={frame}
        role={role}
        aria-modal="true"
        aria-labelledby={labelledBy}
        tabIndex={-1}
        className={`dialog dialog-${size ?? "medium"}`}
        data-testid={testId}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </div>
  );
}
