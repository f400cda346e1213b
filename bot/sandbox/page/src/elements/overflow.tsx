// The "more" menu.
import { usePress } from "../block-host";
import type { Option, OverflowElement } from "../blockkit-elements";
import { Popover } from "../popover";
import { TextView } from "../text";
import { Spinner } from "./button";
import { hooksOf, type ElementProps } from "./placed";

export function Overflow({ placed }: ElementProps<OverflowElement>) {
  const { element } = placed;
  const { press, pending, confirmed } = usePress(placed);
  const choose = async (option: Option) => {
    if (!(await confirmed())) return;
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    await press(`“${option.text.text}”`, { selected_option: option });
  };
  return (
    <Popover
      label={element.accessibility_label ?? "More"}
      role="menu"
      className="icon-button overflow-button"
      trigger={pending === null ? "⋯" : <Spinner />}
      triggerProps={{ ...hooksOf(placed), "aria-busy": pending !== null }}
    >
      {(close) =>
        element.options.map((option) => (
          <button
            key={option.value}
            type="button"
            role="menuitem"
            className="menu-item"
            data-value={option.value}
            onClick={() => {
              close();
              void choose(option);
            }}
          >
            <TextView text={option.text} />
            {option.description && (
              <small>
                <TextView text={option.description} />
              </small>
            )}
          </button>
        ))
      }
    </Popover>
  );
}
