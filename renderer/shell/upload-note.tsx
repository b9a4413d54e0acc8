import { closeUpload, useUploads } from '../state/uploads.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import { ProblemNote } from '../widgets/problem-note.tsx';
import { Progress } from '../widgets/progress.tsx';

/** How far the opening of a file is, or why it failed. */
export function UploadNote() {
  const upload = useUploads((state) => state.upload);
  if (!upload) return null;
  const { name, part, problem, cancel } = upload;
  const percent = Math.round(part * 100);
  return (
    <section className="upload" aria-label="Opening a file">
      <header>
        <b className="ellipsis">{name}</b>
        {problem ? (
          <IconButton icon="cross" label="Close" onClick={closeUpload} />
        ) : (
          <Button look="quiet" onClick={cancel}>
            Cancel
          </Button>
        )}
      </header>
      {problem ? (
        <ProblemNote problem={problem} />
      ) : (
        <>
          <Progress label={`Opening ${name}`} part={part >= 1 ? undefined : part} />
          <p>{part >= 1 ? 'Reading what it holds…' : `${percent} % sent`}</p>
        </>
      )}
    </section>
  );
}
