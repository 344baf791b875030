/** The daemon with its server in clear, for comparing it with nginx without TLS. Only code can ask for that. */
import { buildApp } from '../../src/app.ts';
import { openConfig } from '../../src/cli/open-config.ts';

const app = await buildApp(openConfig(process.argv[2]).config, { plainHttp: true });
process.once('SIGTERM', () => {
  void app.stop().then(() => process.exit(0));
});
await app.start();
