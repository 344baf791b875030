/** One instrument of the status page. */
import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from '../parts/Icon.tsx';

export interface CardProps {
  readonly icon: IconName;
  readonly title: string;
  /** Columns of twelve. */
  readonly span: 3 | 4 | 5 | 6 | 7 | 12;
  readonly chip?: { readonly tone: 'ok' | 'due' | 'bad'; readonly text: string } | undefined;
  readonly children: ComponentChildren;
}

export function Card({ icon, title, span, chip, children }: CardProps): JSX.Element {
  return (
    <section class={`panel card span-${String(span)}`}>
      <h2>
        <Icon name={icon} />
        {title}
        {chip === undefined ? null : (
          <span class={`chip ${chip.tone}`}>
            <Icon name={chip.tone === 'ok' ? 'ok' : 'warn'} />
            {chip.text}
          </span>
        )}
      </h2>
      {children}
    </section>
  );
}

export function Figure({ value, unit }: { value: string; unit: string }): JSX.Element {
  return (
    <div class="figure">
      {value} <small>{unit}</small>
    </div>
  );
}

export interface Pair {
  readonly name: string;
  readonly value: string;
  readonly bad?: boolean;
}

export function Pairs({ pairs }: { pairs: readonly Pair[] }): JSX.Element {
  return (
    <dl class="pairs card-foot">
      {pairs.map(({ name, value, bad }) => (
        <div key={name} class={bad === true ? 'bad' : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
