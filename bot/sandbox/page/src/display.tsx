// Blocks that are only looked at, drawn by slack-blocks-to-jsx.
import { memo, useMemo } from "react";
import { Message, type Block, type MessageProps } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import type { DisplayBlock, RichTextBlock } from "./blockkit";
import { emojiOf } from "./emoji";
import { useDirectory } from "./page-context";
import { ChannelMention, Link, SlackDate, UserMention, UsergroupMention } from "./text";

const HOOKS: NonNullable<MessageProps["hooks"]> = {
  user: ({ id, name }) => <UserMention id={id} label={name} />,
  channel: ({ id, name }) => <ChannelMention id={id} label={name} />,
  usergroup: ({ id, name }) => <UsergroupMention id={id} label={name} />,
  // Its markdown takes the 30 of 10:30:45 for an emoji: what nobody knows stays as it was.
  emoji: ({ name }) => emojiOf(name) ?? `:${name}:`,
  date: ({ timestamp, format, link, fallback }) => (
    <SlackDate timestamp={Number(timestamp)} format={format} url={link} fallback={fallback} />
  ),
  link: ({ href, children }) => <Link url={href}>{children}</Link>,
};

export const DisplayBlockView = memo(function DisplayBlockView(props: {
  block: DisplayBlock | RichTextBlock;
}) {
  const { people, channels, usergroups, app } = useDirectory();
  const data = useMemo(
    () => ({
      users: [...people, { id: app.bot_user_id, name: app.name }],
      channels,
      user_groups: usergroups.map(({ id, handle }) => ({ id, name: handle })),
    }),
    [people, channels, usergroups, app],
  );
  const blocks = useMemo(() => [props.block as unknown as Block], [props.block]);
  return <Message withoutWrapper blocks={blocks} logo="" name="" data={data} hooks={HOOKS} />;
});
