/** Reads a Dockerfile: the instructions we use, and an error for any other, so that nothing is silently left out. */
export type Step =
  | { readonly kind: 'run'; readonly command: string }
  | {
      readonly kind: 'copy';
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly to: string;
    }
  | { readonly kind: 'workdir'; readonly path: string }
  | { readonly kind: 'env'; readonly name: string; readonly value: string }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'volume'; readonly path: string }
  | { readonly kind: 'expose'; readonly port: number }
  | { readonly kind: 'healthcheck'; readonly command: readonly string[] }
  | { readonly kind: 'entrypoint'; readonly command: readonly string[] }
  | { readonly kind: 'cmd'; readonly command: readonly string[] };

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

const READERS: Readonly<Record<string, (rest: string) => Step>> = {
  RUN: (command) => ({ kind: 'run', command }),
  COPY: readCopy,
  WORKDIR: (path) => ({ kind: 'workdir', path }),
  ENV: (rest) => {
    const [name = '', value = ''] = rest.split('=', 2);
    return { kind: 'env', name, value };
  },
  USER: (user) => ({ kind: 'user', user }),
  VOLUME: (path) => ({ kind: 'volume', path }),
  EXPOSE: (port) => ({ kind: 'expose', port: Number(port) }),
  HEALTHCHECK: (rest) => ({ kind: 'healthcheck', command: execForm(rest.replace(/^.*?CMD /, '')) }),
  ENTRYPOINT: (rest) => ({ kind: 'entrypoint', command: execForm(rest) }),
  CMD: (rest) => ({ kind: 'cmd', command: execForm(rest) }),
};

export function parseDockerfile(text: string): Stage[] {
  const stages: { image: string; name: string | undefined; steps: Step[] }[] = [];
  const joined = text.replace(/^\s*#.*\n/gm, '').replace(/\s*\\\n\s*/g, ' ');
  for (const line of joined.split('\n').filter((l) => l.trim() !== '')) {
    const [, word = '', rest = ''] = /^(\w+) (.*)$/.exec(line.trim()) ?? [];
    if (word === 'FROM') {
      const [image = '', , name] = rest.split(' ');
      stages.push({ image, name, steps: [] });
      continue;
    }
    const read = READERS[word];
    const stage = stages.at(-1);
    if (read === undefined || stage === undefined) throw new Error(`Dockerfile: cannot read ${line}`);
    stage.steps.push(read(rest));
  }
  return stages;
}

function readCopy(rest: string): Step {
  const words = rest.split(' ');
  const from = words[0]?.startsWith('--from=') === true ? words.shift()?.slice('--from='.length) : undefined;
  return { kind: 'copy', from, sources: words.slice(0, -1), to: words.at(-1) ?? '' };
}

function execForm(text: string): string[] {
  return JSON.parse(text) as string[];
}
