import { mkdtempSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FortnightError } from '../../src/base/errors.ts';
import { dispatch, parseOptions, type Command, type CommandGroup } from '../../src/cli/command.ts';
import { PROGRAM } from '../../src/cli/index.ts';
import { readNewPassword, readPassword } from '../../src/cli/password.ts';
import { reportError, runProgram } from '../../src/cli/program.ts';
import { takeSignals } from '../../src/cli/signals.ts';
import { testIo } from '../tools/cli-io.ts';
import { validTree, type TestTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => {
  dir.remove();
});

async function fortnight(args: string[], stdin = ''): Promise<{ status: number; out: string; err: string }> {
  const io = testIo(stdin);
  const status = await runProgram(PROGRAM, args, io);
  return { status, ...io.written };
}

function configFile(spoil: (tree: TestTree) => void = () => undefined): string {
  const tree = validTree(dir.path);
  spoil(tree);
  const path = join(mkdtempSync(join(dir.path, 'c-')), 'fortnight.yaml');
  writeFileSync(path, stringify(tree), { mode: 0o600 });
  return path;
}

describe('the program', () => {
  it('lists its commands for --help, and on the side of errors for nothing', async () => {
    const help = await fortnight(['--help']);
    expect(help).toMatchObject({ status: 0, err: '' });
    for (const { name, summary } of PROGRAM.entries) {
      expect(help.out).toContain(`  ${name} `);
      expect(help.out).toContain(summary);
    }
    expect(await fortnight([])).toMatchObject({ status: 64, out: '', err: help.out });
  });

  it('has each command under its own name, with the summary of the list and a usage', async () => {
    for (const entry of PROGRAM.entries) {
      const command = await entry.load();
      expect([command.name, command.summary]).toEqual([entry.name, entry.summary]);
      expect(command.usage).toMatch(/Usage: fortnight /);
      expect(command.usage.endsWith('\n')).toBe(true);
    }
  });

  it('answers an unknown command with the nearest one and status 64', async () => {
    expect(await fortnight(['confgi'])).toEqual({
      status: 64,
      out: '',
      err: 'fortnight: there is no command "confgi"\nhint: did you mean fortnight config?\n',
    });
    expect((await fortnight(['config', 'chekc'])).err).toContain('did you mean fortnight config check?');
    expect((await fortnight(['xyzzyxyzzy'])).err).toContain('fortnight --help lists them');
  });

  it('never lets an argument act on the terminal or make a line of its own', async () => {
    const { err } = await fortnight(['\u001b[2J\nfortnight: all is well']);
    expect(err.split('\n')[0]).toBe(
      'fortnight: there is no command "\\u{1b}[2J\\u{a}fortnight: all is well"',
    );
  });

  it('prints the usage of a command for --help, and says what an option should be called', async () => {
    expect((await fortnight(['config', 'check', '--help'])).out).toMatch(/^Usage: fortnight config check/);
    expect((await fortnight(['help', 'config'])).out).toContain('Usage: fortnight config <command>');
    const { status, err } = await fortnight(['config', 'check', '--confg', 'x']);
    expect(status).toBe(64);
    expect(err).toContain('did you mean --config?');
    expect((await fortnight(['check', '--frobnicate'])).err).toContain('lists its options with --help');
    expect((await fortnight(['layouts', 'try', '--help'])).out).toContain(
      'fortnight layouts try <directory>',
    );
  });

  it.each([['status'], ['drill'], ['check'], ['audit', 'verify'], ['holds', 'list']])(
    '%s %s refuses a word it has no use for, before it looks at anything',
    async (...command) => {
      const { status, err } = await fortnight([...command.filter((word) => word !== ''), 'surplus']);
      expect(status).toBe(64);
      expect(err).toContain('"surplus" is more than the command takes');
    },
  );

  it.each([
    [['unowned', '--source', 'nvrr'], 'no source "nvrr"'],
    [['unowned', '--reason', 'no_layuot'], 'did you mean no_layout?'],
    [['unowned', '--limit', '0'], '--limit needs a whole number of 1 to 1000'],
    [['unowned', 'confirm', 'nvrr', '--as', 'x'], 'no source "nvrr"'],
    [['roots', 'adopt', 'nvrr', '--as', 'x'], 'no source "nvrr"'],
  ])('%j is refused before a daemon or a password is asked', async (args, sentence) => {
    const { status, err } = await fortnight([...args, '--config', configFile()]);
    expect(err).toContain(sentence);
    expect(status).toBe(64);
  });

  it('prints its version and that of its Node', async () => {
    const { out } = await fortnight(['version']);
    expect(out).toMatch(/^fortnight \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+, linux \w+\)\n$/);
    expect(out).toContain(process.versions.node);
  });
});

describe('errors', () => {
  it('are a sentence, a hint and the exit status of their code', () => {
    const io = testIo();
    const error = new FortnightError('state_locked', 'another daemon\u001b[2J runs', { hint: 'stop\nit' });
    expect(reportError(error, io.err)).toBe(73);
    expect(io.written.err).toBe('fortnight: another daemon\\u{1b}[2J runs\nhint: stop\\u{a}it\n');
  });

  it('that nobody foresaw keep their stack and their causes, and end with 70', async () => {
    const broken: Command = {
      name: 'break',
      summary: 's',
      usage: 'u\n',
      run: () => Promise.reject(new TypeError('no such thing', { cause: new Error('the reason') })),
    };
    const group: CommandGroup = {
      path: 'fortnight',
      about: '',
      entries: [{ name: 'break', summary: 's', load: () => Promise.resolve(broken) }],
    };
    const io = testIo();
    expect(await runProgram(group, ['break'], io)).toBe(70);
    expect(io.written.err).toMatch(
      /defect of Fortnight[^]*TypeError: no such thing\n +at [^]*caused by Error: the reason\n +at/,
    );
    await expect(dispatch(group, ['break'], io)).rejects.toThrow(TypeError);
  });
});

describe('options', () => {
  it('are those of the command and nothing else', () => {
    const options = { json: { type: 'boolean' }, config: { type: 'string' } } as const;
    expect(parseOptions(['a', '--json', '--config', 'x'], options, 1)).toMatchObject({
      positionals: ['a'],
      values: { json: true, config: 'x' },
    });
    for (const args of [['--jsno'], ['--config'], ['--json=1'], ['-x'], ['--config', '--json']]) {
      expect(() => parseOptions(args, options)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
    }
  });
});

describe('fortnight config', () => {
  it('check accepts a valid file and tells what will surprise', async () => {
    const path = configFile((t) => {
      t.sources[0].root += '/later';
      t.sources[0]['maxClipMinutes'] = 120;
    });
    const { status, out } = await fortnight(['config', 'check', path]);
    expect(status).toBe(0);
    expect(out).toMatch(/^warning: line \d+: sources\[0\]\.layout: clips of "frigate" are up to 2 h long/m);
    expect(out).toMatch(/^warning: line \d+: sources\[0\]\.root: is not there now/m);
    expect(out).toMatch(/is valid: 2 cameras, 1 source, kept 14 days\n$/);
  });

  it('check refuses a bad one with 78, the lines and the nearest names', async () => {
    const path = configFile((t) => {
      t.sources[0]['layout'] = 'frigat';
      t['htpp'] = { port: 1 };
    });
    const { status, out, err } = await fortnight(['config', 'check', '--config', path]);
    expect({ status, out }).toEqual({ status: 78, out: '' });
    expect(err).toMatch(/^fortnight: ".*fortnight\.yaml" has 2 problems$/m);
    expect(err).toMatch(
      /^ {2}line \d+: sources\[0\]\.layout: "frigat" is no known layout; did you mean "frigate"\?$/m,
    );
    expect(err).toMatch(/^ {2}line \d+: htpp: is no known key; did you mean "http"\?$/m);
    expect(err).toMatch(/^hint: /m);
  });

  it('check refuses a file that is not there, no file, not text, too large, or writable for others', async () => {
    const path = configFile();
    const refusal = async (file: string): Promise<string> => {
      const { status, err } = await fortnight(['config', 'check', file]);
      expect(status).toBe(78);
      return err;
    };
    expect(await refusal(join(dir.path, 'nowhere'))).toContain('cannot be opened (ENOENT)');
    expect(await refusal(dir.path)).toContain('is no file');
    chmodSync(path, 0o620);
    expect(await refusal(path)).toContain('must not be writable for group or others');
    chmodSync(path, 0o602);
    expect(await refusal(path)).toContain('must not be writable for group or others');
    chmodSync(path, 0o600);
    writeFileSync(path, Buffer.from([0x61, 0x3a, 0x20, 0xff]));
    expect(await refusal(path)).toContain('is not UTF-8 text');
    writeFileSync(path, '#'.repeat(300_000));
    expect(await refusal(path)).toContain('is larger than 256 KiB');
  });

  it('example prints a file that check accepts', async () => {
    const path = join(dir.path, 'example.yaml');
    writeFileSync(path, (await fortnight(['config', 'example'])).out, { mode: 0o600 });
    expect((await fortnight(['config', 'check', path])).status).toBe(0);
  });

  it('reference prints a row per key', async () => {
    expect((await fortnight(['config', 'reference'])).out).toMatch(/^\| `retention\.days` \| number, /m);
  });
});

describe('a password', () => {
  it('is one line of standard input', async () => {
    expect(await readPassword(testIo('correct horse\nsecond line\n'), '? ')).toBe('correct horse');
    expect(await readPassword(testIo('no line end'), '? ')).toBe('no line end');
    expect(await readNewPassword(testIo('päss wörd 🔑\r\n'), '? ')).toBe('päss wörd 🔑');
  });

  it('is asked for when there is none, and refused when it is endless', async () => {
    await expect(readPassword(testIo(''), '? ')).rejects.toMatchObject({ code: 'usage' });
    await expect(readPassword(testIo('x'.repeat(5000)), '? ')).rejects.toMatchObject({
      message: 'the password is too long',
    });
  });

  it('prints no prompt where nobody reads it', async () => {
    const io = testIo('secret\n');
    await readPassword(io, 'Password: ');
    expect(io.written).toEqual({ out: '', err: '' });
  });
});

describe('signals', () => {
  it('stop gracefully at the first, at once at the second, and are left alone until asked for', () => {
    const listeners = new Map<string, () => void>();
    const exits: number[] = [];
    const signals = takeSignals({
      on: (signal, listener) => listeners.set(signal, listener),
      exit: (status) => exits.push(status),
    });
    expect([...listeners.keys()]).toEqual([]);
    const stop = signals.stop();
    expect(signals.stop()).toBe(stop);
    expect([...listeners.keys()].sort()).toEqual(['SIGINT', 'SIGTERM']);
    listeners.get('SIGTERM')!();
    expect({ stopped: stop.aborted, exits }).toEqual({ stopped: true, exits: [] });
    listeners.get('SIGINT')!();
    expect(exits).toEqual([130]);
    let reloads = 0;
    signals.onHangup(() => (reloads += 1));
    listeners.get('SIGHUP')!();
    expect(reloads).toBe(1);
  });
});
