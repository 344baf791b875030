/** Steps on a line: what is done, what is now, what is still to come. */
import type { JSX } from 'preact';
import type { Step } from './way.ts';

export function StepList({ steps }: { steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step.title} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <b>{step.title}</b>
          <span>{step.more}</span>
        </li>
      ))}
    </ol>
  );
}
