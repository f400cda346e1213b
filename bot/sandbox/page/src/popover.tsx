// A panel next to the button that opens it. The browser closes it on Escape or a click elsewhere.
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";

const GAP_PX = 4;
const EDGE_PX = 8;

interface PopoverProps {
  label: string;
  className: string;
  role: "menu" | "dialog";
  /** What the button shows. */
  trigger: ReactNode;
  triggerProps?: Record<string, string | boolean | undefined>;
  children: (close: () => void) => ReactNode;
}

function place(panel: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const fitsBelow = box.bottom + GAP_PX + panel.offsetHeight < window.innerHeight - EDGE_PX;
  const top = fitsBelow ? box.bottom + GAP_PX : Math.max(EDGE_PX, box.top - GAP_PX - panel.offsetHeight);
  const left = Math.min(box.left, window.innerWidth - panel.offsetWidth - EDGE_PX);
  panel.style.top = `${top}px`;
  panel.style.left = `${Math.max(EDGE_PX, left)}px`;
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button, input")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items.at((at + step + items.length) % items.length)?.focus();
}

export function Popover(props: PopoverProps) {
  const { label, className, role, trigger, triggerProps, children } = props;
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const onToggle = (isOpen: boolean) => {
    anchor.current?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen || !panel.current || !anchor.current) return;
    place(panel.current, anchor.current);
    panel.current.querySelector<HTMLElement>("button, input")?.focus();
  };

  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup={role}
        aria-expanded={false}
        popoverTarget={id}
        {...triggerProps}
      >
        {trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        className="popover"
        onToggle={(event) => onToggle(event.newState === "open")}
        onKeyDown={moveFocus}
      >
        {children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
