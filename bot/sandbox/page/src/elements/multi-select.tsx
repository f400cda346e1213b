// Menus with several choices: chips on the button, tick boxes in the panel.
import { useInput } from "../block-host";
import type { MultiDirectorySelectElement, MultiStaticSelectElement } from "../blockkit-elements";
import { Popover } from "../popover";
import { PlainText } from "../text";
import { hooksOf, nameOf, type ElementProps } from "./placed";
import { optionGroups, useDirectoryOptions } from "./select";

interface Choice {
  value: string;
  text: string;
  group?: string | null;
}

interface MultiMenuProps {
  label: string;
  controls: Record<string, string | boolean | undefined>;
  placeholder: string;
  choices: Choice[];
  selected: string[];
  limit: number | undefined;
  onSelect(values: string[]): void;
}

function MultiMenu({ label, controls, placeholder, choices, selected, limit, onSelect }: MultiMenuProps) {
  const isFull = limit !== undefined && selected.length >= limit;
  const chosen = choices.filter(({ value }) => selected.includes(value));
  const toggle = (value: string) =>
    onSelect(selected.includes(value) ? selected.filter((one) => one !== value) : [...selected, value]);
  return (
    <Popover
      label={`${label}: ${chosen.map(({ text }) => text).join(", ") || "none chosen"}`}
      role="dialog"
      className="multi-select"
      triggerProps={controls}
      trigger={
        chosen.length > 0 ? (
          chosen.map(({ value, text }) => (
            <span className="chip" key={value}>
              <PlainText text={text} />
            </span>
          ))
        ) : (
          <span className="placeholder">{placeholder}</span>
        )
      }
    >
      {() =>
        choices.map(({ value, text, group }, index) => (
          <div key={value}>
            {group && group !== choices[index - 1]?.group && <div className="menu-group">{group}</div>}
            <label className="menu-item choice">
              <input
                type="checkbox"
                data-value={value}
                checked={selected.includes(value)}
                disabled={isFull && !selected.includes(value)}
                onChange={() => toggle(value)}
              />
              <PlainText text={text} />
            </label>
          </div>
        ))
      }
    </Popover>
  );
}

export function MultiStaticSelect(props: ElementProps<MultiStaticSelectElement>) {
  const { placed, dispatch } = props;
  const { element } = placed;
  const { value, change } = useInput(placed, dispatch);
  const groups = optionGroups(element);
  const options = groups.flatMap((group) => group.options);
  const placeholder = element.placeholder?.text ?? "Select options";
  return (
    <MultiMenu
      label={placeholder}
      controls={{ ...hooksOf(placed), ...nameOf(props) }}
      placeholder={placeholder}
      choices={groups.flatMap(({ label, options: members }) =>
        members.map((option) => ({ value: option.value, text: option.text.text, group: label })),
      )}
      selected={(value.selected_options ?? []).map((option) => option.value)}
      limit={element.max_selected_items}
      onSelect={(values) =>
        void change({
          selected_options: values.flatMap((one) => options.filter((option) => option.value === one)),
        })
      }
    />
  );
}

const FIELDS = {
  multi_users_select: "selected_users",
  multi_channels_select: "selected_channels",
  multi_conversations_select: "selected_conversations",
} as const;

export function MultiDirectorySelect(props: ElementProps<MultiDirectorySelectElement>) {
  const { placed, dispatch } = props;
  const { element } = placed;
  const { value, change } = useInput(placed, dispatch);
  const name = FIELDS[element.type];
  const fallback = element.type === "multi_users_select" ? "Select people" : "Select channels";
  const placeholder = element.placeholder?.text ?? fallback;
  return (
    <MultiMenu
      label={placeholder}
      controls={{ ...hooksOf(placed), ...nameOf(props) }}
      placeholder={placeholder}
      choices={useDirectoryOptions(element.type)}
      selected={value[name] ?? []}
      limit={element.max_selected_items}
      onSelect={(values) => void change({ [name]: values })}
    />
  );
}
