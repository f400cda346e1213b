// The list above the composer: commands with their usage, or people.
import { useEffect, useRef } from "react";
import type { Suggestion } from "./completion";

export function SuggestionList(props: {
  id: string;
  suggestions: Suggestion[];
  current: Suggestion | undefined;
  onTake(suggestion: Suggestion): void;
}) {
  const { id, suggestions, current, onTake } = props;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current?.key]);
  return (
    <div className="suggestions" data-testid="suggestions">
      <ul ref={list} id={id} role="listbox" aria-label="Suggestions">
        {suggestions.map((suggestion) => (
          <li
            key={suggestion.key}
            id={`${id}-${suggestion.key}`}
            role="option"
            aria-selected={suggestion === current}
            data-suggestion={suggestion.key}
            onMouseDown={(event) => {
              event.preventDefault();
              onTake(suggestion);
            }}
          >
            <span className="suggestion-name">
              <strong>{suggestion.label}</strong> {suggestion.hint && <code>{suggestion.hint}</code>}
            </span>
            <span className="muted">{suggestion.detail}</span>
          </li>
        ))}
      </ul>
      <div className="suggestion-keys" aria-hidden="true">
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose · <kbd>Tab</kbd> take · <kbd>Esc</kbd> close
      </div>
    </div>
  );
}
