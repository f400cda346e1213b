// A list of blocks, one component each.
import { useId } from "react";
import { actionIdOf, blockIdOf } from "./block-state";
import type { ActionsBlock, AnyBlock, ContextBlock, InputBlock, SectionBlock } from "./blockkit";
import type { Element } from "./blockkit-elements";
import { Alert, Card, Carousel, Container, SmallImage } from "./cards";
import { ChartView } from "./chart";
import { DisplayBlockView } from "./display";
import { ElementView } from "./elements/element";
import { DataTable, Table } from "./table";
import { TextView } from "./text";

interface BlocksProps {
  blocks: AnyBlock[];
  /** Problems of input blocks, by block id. */
  errors?: Record<string, string>;
}

export function Blocks({ blocks, errors = {} }: BlocksProps) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => {
        const blockId = blockIdOf(block, index);
        return (
          <div key={blockId} className={`block block-${block.type}`} data-block={blockId}>
            <BlockView block={block} blockId={blockId} error={errors[blockId]} />
          </div>
        );
      })}
    </div>
  );
}

const DRAWN_BY_PACKAGE = new Set([
  "rich_text", "markdown", "image", "plan", "task_card", "video", "file",
]);

function BlockView(props: { block: AnyBlock; blockId: string; error: string | undefined }) {
  const { block, blockId, error } = props;
  switch (block.type) {
    case "section":
      return <Section block={block} blockId={blockId} />;
    case "header":
      return (
        <h3 className="header-block">
          <TextView text={block.text} />
        </h3>
      );
    case "context":
      return <Context block={block} />;
    case "divider":
      return <hr />;
    case "actions":
    case "context_actions":
      return <Actions block={block} blockId={blockId} />;
    case "input":
      return <Input block={block} blockId={blockId} error={error} />;
    case "table":
      return <Table block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "data_visualization":
      return <ChartView block={block} />;
    case "alert":
      return <Alert block={block} />;
    case "card":
      return <Card block={block} blockId={blockId} />;
    case "carousel":
      return <Carousel block={block} blockId={blockId} />;
    case "container":
      return <Container block={block}>{(children) => <Blocks blocks={children} />}</Container>;
    default:
      return DRAWN_BY_PACKAGE.has(block.type) ? (
        <DisplayBlockView block={block} />
      ) : (
        <span className="unsupported">This workspace cannot show a “{block.type}” block.</span>
      );
  }
}

function Section({ block, blockId }: { block: SectionBlock; blockId: string }) {
  const { text, fields, accessory } = block;
  return (
    <div className="section">
      <div className="section-main">
        {text && <TextView text={text} />}
        {fields && (
          <div className="fields">
            {fields.map((field, index) => (
              <div key={index}>
                <TextView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="accessory">
          <Accessory element={accessory} blockId={blockId} />
        </div>
      )}
    </div>
  );
}

function Accessory({ element, blockId }: { element: Element; blockId: string }) {
  if (element.type === "image") {
    return <img className="accessory-image" src={element.image_url} alt={element.alt_text} />;
  }
  return <ElementView placed={{ blockId, actionId: actionIdOf(element, 0), element }} dispatch />;
}

function Context({ block }: { block: ContextBlock }) {
  return (
    <div className="context">
      {block.elements.map((element, index) => (
        <div key={index}>
          {element.type === "image" ? <SmallImage image={element} /> : <TextView text={element} />}
        </div>
      ))}
    </div>
  );
}

function Actions({ block, blockId }: { block: ActionsBlock; blockId: string }) {
  return (
    <div className="actions">
      {block.elements.map((element, index) => {
        const actionId = actionIdOf(element, index);
        return <ElementView key={actionId} placed={{ blockId, actionId, element }} dispatch />;
      })}
    </div>
  );
}

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

function Input(props: { block: InputBlock; blockId: string; error: string | undefined }) {
  const { block, blockId, error } = props;
  const { label, hint, element, optional = false, dispatch_action: dispatch = false } = block;
  const id = useId();
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const labelText = (
    <>
      <TextView text={label} />
      {optional && <span className="optional"> (optional)</span>}
    </>
  );
  return (
    <div className={`input-block ${error ? "has-error" : ""}`} data-testid="input-block">
      {GROUPS.has(element.type) ? (
        <div className="input-label" id={`${id}-label`}>
          {labelText}
        </div>
      ) : (
        <label className="input-label" id={`${id}-label`} htmlFor={id}>
          {labelText}
        </label>
      )}
      <ElementView
        placed={{ blockId, actionId: actionIdOf(element, 0), element }}
        dispatch={dispatch}
        field={{
          inputId: id,
          labelId: `${id}-label`,
          describedBy: describedBy || undefined,
          invalid: error !== undefined,
          required: !optional,
        }}
      />
      {error && (
        <div className="input-error" id={`${id}-error`} role="alert" data-testid="input-error">
          {error}
        </div>
      )}
      {hint && (
        <div className="input-hint" id={`${id}-hint`}>
          <TextView text={hint} />
        </div>
      )}
    </div>
  );
}
