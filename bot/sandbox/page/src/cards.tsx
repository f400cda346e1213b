// Alert, card, carousel and container: frames around texts, buttons and other blocks.
import type { ReactNode } from "react";
import { actionIdOf } from "./block-state";
import type { AlertBlock, AnyBlock, CardBlock, CarouselBlock, ContainerBlock } from "./blockkit";
import type { ImageElement } from "./blockkit-elements";
import { ElementView } from "./elements/element";
import { TextView } from "./text";

const MARKS = { default: "💬", info: "ℹ️", warning: "⚠️", error: "❌", success: "✅" };

export function Alert({ block }: { block: AlertBlock }) {
  const level = block.level ?? "default";
  return (
    <div className={`alert alert-${level}`} role="note">
      <span className="emoji" role="img" aria-label={level}>
        {MARKS[level]}
      </span>
      <TextView text={block.text} />
    </div>
  );
}

export function SmallImage({ image }: { image: ImageElement }) {
  return image.image_url ? (
    <img className="small-image" src={image.image_url} alt={image.alt_text} />
  ) : (
    <span>{image.alt_text}</span>
  );
}

export function Card({ block, blockId }: { block: CardBlock; blockId: string }) {
  const { title, subtitle, body, icon, hero_image: hero, actions = [] } = block;
  return (
    <div className="card">
      {hero?.image_url && <img className="card-hero" src={hero.image_url} alt={hero.alt_text} />}
      {title && (
        <h3>
          {icon && <SmallImage image={icon} />}
          <TextView text={title} />
        </h3>
      )}
      {subtitle && (
        <div className="muted">
          <TextView text={subtitle} />
        </div>
      )}
      {body && <TextView text={body} />}
      {actions.length > 0 && (
        <div className="actions">
          {actions.map((element, index) => {
            const actionId = actionIdOf(element, index);
            return <ElementView key={actionId} placed={{ blockId, actionId, element }} dispatch />;
          })}
        </div>
      )}
    </div>
  );
}

export function Carousel({ block, blockId }: { block: CarouselBlock; blockId: string }) {
  return (
    <div className="carousel" tabIndex={0} role="region" aria-label="Cards">
      {block.elements.map((card, index) => (
        <Card key={card.block_id ?? index} block={card} blockId={card.block_id ?? blockId} />
      ))}
    </div>
  );
}

export function Container(props: {
  block: ContainerBlock;
  children: (blocks: AnyBlock[]) => ReactNode;
}) {
  const { title, subtitle, child_blocks = [], is_collapsible, default_collapsed } = props.block;
  const head = (
    <>
      {title && (
        <strong>
          <TextView text={title} />
        </strong>
      )}
      {subtitle && (
        <span className="muted">
          <TextView text={subtitle} />
        </span>
      )}
    </>
  );
  if (!is_collapsible) {
    return (
      <div className="container-block">
        <div className="container-head">{head}</div>
        {props.children(child_blocks)}
      </div>
    );
  }
  return (
    <details className="container-block" open={!default_collapsed}>
      <summary className="container-head">{head}</summary>
      {props.children(child_blocks)}
    </details>
  );
}
