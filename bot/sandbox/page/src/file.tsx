// Files that came with a message: what they are, how large, and a link that saves them.
import { fileSize } from "./file-size";
import type { SharedFile } from "./types";

export function Files({ files }: { files: SharedFile[] }) {
  return (
    <ul className="files" aria-label={files.length === 1 ? "File" : "Files"}>
      {files.map((file) => (
        <FileView key={file.id} file={file} />
      ))}
    </ul>
  );
}

function FileView({ file }: { file: SharedFile }) {
  const { name, title, pretty_type: kind, size } = file;
  return (
    <li className="file" data-testid="file" data-file={file.id}>
      <span className="file-mark" aria-hidden="true">
        {file.filetype.slice(0, 4)}
      </span>
      <span className="file-text">
        <span className="file-title">{title}</span>
        <span className="muted">
          {title !== name && `${name} · `}
          {kind} · {fileSize(size)}
        </span>
      </span>
      <a
        className="button"
        href={hereOf(file.url_private_download)}
        download={name}
        aria-label={`Download ${name}`}
        data-testid="download"
      >
        Download
      </a>
    </li>
  );
}

/** The link on this server: the workspace may have had another port when the message was kept. */
function hereOf(url: string): string {
  return new URL(url).pathname;
}
