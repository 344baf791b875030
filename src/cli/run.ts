/** `fortnight run`: the daemon. */
import { buildApp } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { supervision } from '../config/load.ts';
import { problemLine } from '../config/problem.ts';
import { createLog } from '../observe/log.ts';
import { createNotifier } from '../observe/notify.ts';
import { parseOptions, type Command } from './command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';

export const command: Command = {
  name: 'run',
  summary: 'run the daemon',
  usage: `Usage: fortnight run [--config <file>] [--confirm-shorter]

${CONFIG_USAGE}  --confirm-shorter  a retention shorter than before is meant; it counts 24 h later

Runs until SIGTERM or SIGINT; a second one ends it at once. SIGHUP reads the certificate again.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      'confirm-shorter': { type: 'boolean', default: false },
    });
    const { config, warnings } = openConfig(values.config);
    for (const warning of warnings) io.err.write(`warning: ${printable(problemLine(warning))}\n`);
    const log = createLog({ level: config.log.level, clock: systemClock });
    const notifier = createNotifier({ ...supervision(), log });
    const stop = io.signals.stop();
    const fatal = Promise.withResolvers<number>();
    const app = await buildApp(config, {
      log,
      confirmShorter: values['confirm-shorter'],
      onFatal: (error) => {
        log.error('state_failed', { error: String(error) });
        fatal.resolve(new FortnightError('storage_failed', 'the state directory failed').exitCode);
      },
    });
    io.signals.onHangup(() => {
      app.reloadCertificate().catch((error: unknown) => {
        log.error('certificate_not_reloaded', { error: String(error) });
      });
    });
    const { port } = await app.start();
    await notifier.ready(`serving on port ${String(port)}`);
    notifier.watch(() => true);
    const failure = await Promise.race([aborted(stop), fatal.promise]);
    // The same fsync is never tried again: not even an orderly stop may write. The supervisor starts us anew.
    if (failure !== undefined) return failure;
    await notifier.stopping();
    app.rooms.events.stopping({ reason: String(stop.reason) });
    await app.stop();
    return 0;
  },
};

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
}
