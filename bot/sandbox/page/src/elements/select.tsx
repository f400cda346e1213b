// Menus with one choice, drawn by the browser so that keyboard and screen readers work as usual.
import { useInput } from "../block-host";
import type { DirectorySelectElement, Option, StaticSelectElement } from "../blockkit-elements";
import { PlainText } from "../text";
import { useDirectory } from "../page-context";
import { Spinner } from "./button";
import { hooksOf, nameOf, type ElementProps } from "./placed";

interface MenuProps {
  controls: Record<string, string | boolean | undefined>;
  placeholder: string;
  selected: string;
  canClear: boolean;
  isPending: boolean;
  groups: { label: string | null; options: { value: string; text: string }[] }[];
  onSelect(value: string): void;
}

function Menu({ controls, placeholder, selected, canClear, isPending, groups, onSelect }: MenuProps) {
  return (
    <span className={`select ${selected ? "" : "is-empty"}`}>
      <select
        {...controls}
        value={selected}
        aria-busy={isPending}
        onChange={(event) => onSelect(event.target.value)}
      >
        <option value="" disabled={!canClear} hidden={!canClear}>
          {placeholder}
        </option>
        {groups.map(({ label, options }, index) => {
          const items = options.map(({ value, text }) => (
            <option key={value} value={value}>
              <PlainText text={text} />
            </option>
          ));
          return label === null ? items : <optgroup key={index} label={label}>{items}</optgroup>;
        })}
      </select>
      {isPending && <Spinner />}
    </span>
  );
}

export function optionGroups(element: { options?: Option[]; option_groups?: { label: { text: string }; options: Option[] }[] }) {
  if (element.option_groups) {
    return element.option_groups.map(({ label, options }) => ({ label: label.text as string | null, options }));
  }
  return [{ label: null, options: element.options ?? [] }];
}

export function StaticSelect(props: ElementProps<StaticSelectElement>) {
  const { placed, dispatch, field } = props;
  const { value, change, isPending } = useInput(placed, dispatch);
  const groups = optionGroups(placed.element);
  const find = (wanted: string) =>
    groups.flatMap(({ options }) => options).find((option) => option.value === wanted) ?? null;
  return (
    <Menu
      controls={{ ...hooksOf(placed), ...nameOf(props) }}
      placeholder={placed.element.placeholder?.text ?? "Select an option"}
      selected={value.selected_option?.value ?? ""}
      canClear={field !== undefined && !field.required}
      isPending={isPending}
      groups={groups.map(({ label, options }) => ({
        label,
        options: options.map((option) => ({ value: option.value, text: option.text.text })),
      }))}
      onSelect={(wanted) => void change({ selected_option: find(wanted) })}
    />
  );
}

const FIELDS = {
  users_select: "selected_user",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
} as const;

/** People, or channels, of the workspace. */
export function useDirectoryOptions(type: string): { value: string; text: string }[] {
  const { people, channels } = useDirectory();
  if (type.includes("users")) {
    return people.map(({ id, name, title }) => ({ value: id, text: `${name} (${title})` }));
  }
  return channels.map(({ id, name }) => ({ value: id, text: `#${name}` }));
}

export function DirectorySelect(props: ElementProps<DirectorySelectElement>) {
  const { placed, dispatch, field } = props;
  const { element } = placed;
  const { value, change, isPending } = useInput(placed, dispatch);
  const name = FIELDS[element.type];
  const options = useDirectoryOptions(element.type);
  const fallback = element.type === "users_select" ? "Select a person" : "Select a channel";
  return (
    <Menu
      controls={{ ...hooksOf(placed), ...nameOf(props) }}
      placeholder={element.placeholder?.text ?? fallback}
      selected={value[name] ?? ""}
      canClear={field !== undefined && !field.required}
      isPending={isPending}
      groups={[{ label: null, options }]}
      onSelect={(wanted) => void change({ [name]: wanted || null })}
    />
  );
}
