// Short messages from the workspace itself; they go by themselves, errors last, or when they are dismissed.
import { useEffect } from "react";
import { usePage, useStore } from "./page-context";
import type { Notice } from "./store";
import type { NoticeLevel } from "./types";

const SHOWN_MS: Record<NoticeLevel, number> = { info: 6000, error: 8000 };

export function Notices() {
  const { notices } = usePage();
  return (
    <div className="notices" role="region" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <NoticeView key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeView({ notice: { id, text, level } }: { notice: Notice }) {
  const store = useStore();
  useEffect(() => {
    const timer = setTimeout(() => store.dismissNotice(id), SHOWN_MS[level]);
    return () => clearTimeout(timer);
  }, [store, id, level]);
  return (
    <div
      className={`notice is-${level}`}
      role={level === "error" ? "alert" : "status"}
      data-testid="notice"
      data-level={level}
    >
      <span className="notice-mark" aria-hidden="true">
        {level === "error" ? "!" : "i"}
      </span>
      <span className="notice-text">{text}</span>
      <button
        type="button"
        className="icon-button"
        aria-label="Dismiss"
        onClick={() => store.dismissNotice(id)}
      >
        ✕
      </button>
    </div>
  );
}
