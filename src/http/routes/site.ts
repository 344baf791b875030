/** What a stranger may know: whose service this is. Nothing about cameras or footage. */
import { programVersion } from '../../base/version.ts';
import { Site } from '../api/index.ts';
import { open } from '../route.ts';

export const site = open({
  method: 'GET',
  path: '/api/v1/site',
  summary: 'The site this service belongs to',
  output: { status: 200, json: Site },
  handle: ({ deps }) => {
    const { name, city, language, timeZone } = deps.config.site;
    const retentionDays = deps.config.retention.days;
    return {
      status: 200,
      json: { name, city, language, timeZone, retentionDays, version: programVersion() },
    };
  },
});
