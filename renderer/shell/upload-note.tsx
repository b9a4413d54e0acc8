import { forgetRefused, useUploads } from '../state/uploads.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import { counted } from '../widgets/format.ts';
import { ProblemNote } from '../widgets/problem-note.tsx';
import { Progress } from '../widgets/progress.tsx';

/** How far the opening of files is, and which of them failed. */
export function UploadNote() {
  const { upload, waiting, refused } = useUploads();
  if (!upload && refused.length === 0) return null;
  return (
    <section className="upload" aria-label="Opening a file">
      {upload && <Opening {...upload} waiting={waiting} />}
      {refused.length > 0 && (
        <header>
          <b className="ellipsis">
            {refused.length === 1 ? refused[0]?.name : `${counted(refused.length, 'file')} not opened`}
          </b>
          <IconButton icon="cross" label="Close" onClick={forgetRefused} />
        </header>
      )}
      {refused.map(({ name, problem }, index) => (
        <ProblemNote key={`${index} ${name}`} problem={problem} />
      ))}
    </section>
  );
}

interface OpeningProps {
  readonly name: string;
  readonly part: number;
  readonly waiting: number;
  cancel(): void;
}

function Opening({ name, part, waiting, cancel }: OpeningProps) {
  const after = waiting === 0 ? '' : ` · ${counted(waiting, 'more file')} after it`;
  return (
    <>
      <header>
        <b className="ellipsis">{name}</b>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </header>
      <Progress label={`Opening ${name}`} part={part >= 1 ? undefined : part} />
      <p>
        {part >= 1 ? 'Sent; the engine looks at it…' : `${Math.round(part * 100)} % sent`}
        {after}
      </p>
    </>
  );
}
