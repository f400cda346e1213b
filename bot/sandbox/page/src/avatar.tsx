// A person's initials on a colour of their own; the app's mark.
import type { CSSProperties } from "react";

const HUES = [12, 38, 92, 150, 190, 215, 262, 305, 335];

function hueOf(name: string): number {
  const sum = [...name].reduce((total, character) => total + character.charCodeAt(0), 0);
  return HUES[sum % HUES.length] ?? 0;
}

export function Avatar({ name, isApp = false, size }: { name: string; isApp?: boolean; size?: "small" | "tiny" }) {
  const initials = name.split(/[\s.-]+/).map((part) => part[0] ?? "").join("").slice(0, 2).toUpperCase();
  const style = (isApp ? {} : { "--hue": hueOf(name) }) as CSSProperties;
  return (
    <span className={`avatar ${isApp ? "is-app" : ""} ${size ?? ""}`} style={style} aria-hidden="true">
      {isApp ? (
        <svg viewBox="0 0 32 32">
          <path d="M8 20h11a5 5 0 0 0 0-10h-8m0 0 4-4m-4 4 4 4" />
        </svg>
      ) : (
        initials
      )}
    </span>
  );
}
