import type { CaptureJob } from '../../app/contract/page.ts';

const steps = 10;
/** Of which the file is closed. */
const closing = 3;
const stepMs = 200;

/** Captures that are written in a few steps and then closed, unless they are cancelled; newest first. */
export class Captures {
  jobs: CaptureJob[] = [];

  save(name: string, total: number): string {
    const id = `capture-${this.jobs.length + 1}`;
    this.jobs = [{ id, name, state: 'running', written: 0, total }, ...this.jobs];
    void this.write(id, total);
    return id;
  }

  cancel(id: string): void {
    this.edit(id, (job) => (job.state === 'running' ? { ...job, state: 'cancelled' } : job));
  }

  private async write(id: string, total: number): Promise<void> {
    for (let step = 1; step <= steps + closing; step++) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      const last = step === steps + closing;
      this.edit(id, (job) =>
        job.state === 'running'
          ? {
              ...job,
              written: Math.round((total * Math.min(step, steps)) / steps),
              ...(last && { state: 'done', bytes: 4096 + total * 143 }),
            }
          : job,
      );
    }
  }

  private edit(id: string, change: (job: CaptureJob) => CaptureJob): void {
    this.jobs = this.jobs.map((job) => (job.id === id ? change(job) : job));
  }
}
