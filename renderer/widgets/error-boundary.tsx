import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { ProblemNote } from './problem-note.tsx';

interface ErrorBoundaryProps {
  /** What it holds, in the user's words: "The list of traces". */
  readonly what: string;
  /** A new value clears the error: the route, the selection. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface Failure {
  readonly error?: Error;
  readonly key: string;
}

/** A defect of one feature leaves the others alone. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, Failure> {
  override state: Failure = { key: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<Failure> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: Failure): Partial<Failure> | null {
    return props.resetKey === state.key ? null : { key: props.resetKey, error: undefined };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div style={{ padding: 16 }}>
        <ProblemNote
          problem={{
            message: `${this.props.what} cannot be shown: ${error.message}`,
            remedy:
              'This is a defect of Headwater; what was recorded is safe. Try again, or reload the page.',
          }}
        >
          <Button onClick={() => this.setState({ error: undefined })}>Try again</Button>
        </ProblemNote>
      </div>
    );
  }
}
