// Text objects on the screen: plain text with emoji, or mrkdwn.
import { Fragment, memo, useEffect, useMemo, useState, type MouseEvent, type ReactNode } from "react";
import type { Text } from "./blockkit-elements";
import { emojiOf } from "./emoji";
import { parseInline, parseMrkdwn, type Inline, type Paragraph } from "./mrkdwn";
import { useDirectory, useStore } from "./page-context";
import { readPermalink } from "./place";
import { formatSlackDate } from "./slack-date";

const AGO_REFRESH_MS = 15_000;

export function Emoji({ name }: { name: string }) {
  const character = emojiOf(name);
  if (character === null) return <>{`:${name}:`}</>;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll("_", " ")}>
      {character}
    </span>
  );
}

export function Link({ url, children }: { url: string; children: ReactNode }) {
  const store = useStore();
  const { channels } = useDirectory();
  if (!/^(https?|mailto|tel):/i.test(url)) return <>{children}</>;
  const inside = readPermalink(url);
  const isHere = inside !== null && channels.some(({ id }) => id === inside.channel);
  const follow = (event: MouseEvent) => {
    if (!inside || !isHere) return;
    event.preventDefault();
    store.goTo(inside.channel, inside.thread, inside.ts || null);
  };
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" onClick={follow}>
      {children}
    </a>
  );
}

export function UserMention({ id, label }: { id: string; label?: string | null }) {
  const { people, app } = useDirectory();
  const name = id === app.bot_user_id ? app.name : people.find((person) => person.id === id)?.name;
  return <span className="mention">@{name ?? label ?? id}</span>;
}

export function ChannelMention({ id, label }: { id: string; label?: string | null }) {
  const { channels } = useDirectory();
  const store = useStore();
  const channel = channels.find((candidate) => candidate.id === id);
  if (!channel) return <span className="mention">#{label || id}</span>;
  return (
    <button type="button" className="mention mention-link" onClick={() => store.goTo(id)}>
      #{channel.name}
    </button>
  );
}

export function UsergroupMention({ id, label }: { id: string; label?: string | null }) {
  const { usergroups } = useDirectory();
  const handle = usergroups.find((group) => group.id === id)?.handle ?? label?.replace(/^@/, "") ?? id;
  return <span className="mention">@{handle}</span>;
}

export function SlackDate(props: {
  timestamp: number;
  format: string;
  url: string | null;
  fallback: string;
}) {
  const { timestamp, format, url, fallback } = props;
  const [now, setNow] = useState(() => new Date());
  const isRelative = format.includes("{ago}");
  useEffect(() => {
    if (!isRelative) return;
    const timer = setInterval(() => setNow(new Date()), AGO_REFRESH_MS);
    return () => clearInterval(timer);
  }, [isRelative]);
  const date = new Date(timestamp * 1000);
  const text = (
    <time dateTime={date.toISOString()} title={date.toLocaleString(undefined, { timeZoneName: "short" })}>
      {formatSlackDate(timestamp, format, now) ?? fallback}
    </time>
  );
  return url ? <Link url={url}>{text}</Link> : text;
}

function inline(node: Inline): ReactNode {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "emoji":
      return <Emoji name={node.name} />;
    case "bold":
      return <strong>{inlines(node.children)}</strong>;
    case "italic":
      return <em>{inlines(node.children)}</em>;
    case "strike":
      return <s>{inlines(node.children)}</s>;
    case "link":
      return <Link url={node.url}>{linkLabel(node.label)}</Link>;
    case "user":
      return <UserMention {...node} />;
    case "channel":
      return <ChannelMention {...node} />;
    case "usergroup":
      return <UsergroupMention {...node} />;
    case "broadcast":
      return <span className="mention">@{node.range}</span>;
    case "date":
      return <SlackDate {...node} />;
  }
}

/** Styles and emoji count inside a label, a URL in it is only text. */
function linkLabel(label: string): ReactNode {
  const nodes = parseInline(label);
  return nodes.some(({ kind }) => kind === "link") ? label : inlines(nodes);
}

function inlines(nodes: Inline[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{inline(node)}</Fragment>);
}

function paragraph(node: Paragraph): ReactNode {
  if (node.kind === "preformatted") return <pre>{node.text}</pre>;
  if (node.kind === "quote") return <blockquote>{inlines(node.children)}</blockquote>;
  return <div>{inlines(node.children)}</div>;
}

export const Mrkdwn = memo(function Mrkdwn({ source }: { source: string }) {
  const paragraphs = useMemo(() => parseMrkdwn(source), [source]);
  return (
    <div className="mrkdwn">
      {paragraphs.map((node, index) => (
        <Fragment key={index}>{paragraph(node)}</Fragment>
      ))}
    </div>
  );
});

const SHORTCODE = /(:[a-z0-9_+'-]*[a-z_+'-][a-z0-9_+'-]*:)/;

/** Plain text; :names: become emoji where Slack would do so. */
export function PlainText({ text, emoji = true }: { text: string; emoji?: boolean }) {
  if (!emoji) return <>{text}</>;
  return (
    <>
      {text.split(SHORTCODE).map((part, index) =>
        index % 2 === 1 ? <Emoji key={index} name={part.slice(1, -1)} /> : part,
      )}
    </>
  );
}

export function TextView({ text }: { text: Text }) {
  if (text.type === "mrkdwn") return <Mrkdwn source={text.text} />;
  return <PlainText text={text.text} {...(text.emoji === false ? { emoji: false } : {})} />;
}
