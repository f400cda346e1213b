// Buttons of messages and modals.
import { usePress } from "../block-host";
import type { ButtonElement, FeedbackButtonsElement, IconButtonElement } from "../blockkit-elements";
import { TextView } from "../text";
import { hooksOf, type ElementProps } from "./placed";

export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}

export function Button({ placed }: ElementProps<ButtonElement>) {
  const { element } = placed;
  const { press, pending, confirmed } = usePress(placed);
  const isPending = pending !== null;
  const onClick = async () => {
    if (isPending || !(await confirmed())) return;
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    await press(`“${element.text.text}”`, element.value === undefined ? {} : { value: element.value });
  };
  return (
    <button
      type="button"
      className={`button ${element.style ? `button-${element.style}` : ""}`}
      aria-busy={isPending}
      aria-disabled={isPending}
      aria-label={element.accessibility_label}
      data-testid="block-button"
      {...hooksOf(placed)}
      onClick={() => void onClick()}
    >
      {isPending && <Spinner />}
      <span className="button-text">
        <TextView text={element.text} />
      </span>
      {element.url && <span aria-label="(opens a new tab)">↗</span>}
    </button>
  );
}

const ICONS: Record<string, string> = { trash: "🗑" };

export function IconButton({ placed }: ElementProps<IconButtonElement>) {
  const { element } = placed;
  const { press, pending, confirmed } = usePress(placed);
  const onClick = async () => {
    if (pending !== null || !(await confirmed())) return;
    await press(`“${element.text.text}”`, element.value === undefined ? {} : { value: element.value });
  };
  return (
    <button
      type="button"
      className="icon-button"
      title={element.text.text}
      aria-label={element.accessibility_label ?? element.text.text}
      aria-busy={pending !== null}
      {...hooksOf(placed)}
      onClick={() => void onClick()}
    >
      {pending === null ? (ICONS[element.icon] ?? "•") : <Spinner />}
    </button>
  );
}

export function FeedbackButtons({ placed }: ElementProps<FeedbackButtonsElement>) {
  const { press, pending } = usePress(placed);
  const { positive_button, negative_button } = placed.element;
  return (
    <span className="feedback" {...hooksOf(placed)}>
      {[positive_button, negative_button].map((choice, index) => (
        <button
          key={choice.value}
          type="button"
          className="icon-button"
          title={choice.text.text}
          aria-label={choice.accessibility_label ?? choice.text.text}
          aria-busy={pending === choice.value}
          onClick={() => void press(`“${choice.text.text}”`, { value: choice.value }, choice.value)}
        >
          {pending === choice.value ? <Spinner /> : ["👍", "👎"][index]}
        </button>
      ))}
    </span>
  );
}
