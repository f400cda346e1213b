// Slack's emoji names to characters: the common list, and the names only Slack uses.
import { get } from "node-emoji";

const SLACK_ONLY: Record<string, string> = {
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_green_square: "🟩",
  large_yellow_square: "🟨",
  large_red_square: "🟥",
  large_blue_circle: "🔵",
  double_vertical_bar: "⏸️",
  black_square_for_stop: "⏹️",
  black_right_pointing_triangle: "▶️",
  octagonal_sign: "🛑",
  thumbsup: "👍",
  thumbsdown: "👎",
  slightly_smiling_face: "🙂",
  heavy_exclamation_mark: "❗",
  timer_clock: "⏲️",
  hammer_and_wrench: "🛠️",
};

/** The character, or null for a name nobody knows. */
export function emojiOf(name: string): string | null {
  if (/^skin-tone-[2-6]$/.test(name)) return "";
  return SLACK_ONLY[name] ?? get(name) ?? null;
}
