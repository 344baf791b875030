/** What the page says of a clip that shows no picture. */
import { describe, expect, test } from 'vitest';
import type { ClipView } from '../../src/http/api/index.ts';
import { obstacleOf, type Obstacle } from '../../src/web/player/obstacle.ts';

/** Chromium of a Linux distribution, as it answers `canPlayType`. */
const chromium = (type: string): boolean => !/hvc1|x-matroska/.test(type);
const safari = (type: string): boolean => !/x-matroska|webm/.test(type);

function obstacle(container: string, videoCodec: string | null, canPlay = chromium): Obstacle {
  const media: ClipView['media'] = {
    ...{ container, videoCodec, audioCodec: null, widthPx: 640, heightPx: 360 },
    ...{ frameRate: 25, durationMs: 10_000, fragmented: false },
  };
  return obstacleOf({ media }, canPlay);
}

describe('a clip that shows no picture', () => {
  test.each([
    ['mpegts', 'h264', 'MPEG-TS'],
    ['mpegts', 'hevc', 'MPEG-TS'],
    ['h264', 'h264', 'H.264 (.h264)'],
    ['hevc', 'hevc', 'H.265 (.h265)'],
    ['avi', 'mjpeg', 'AVI'],
    ['dhav', 'h264', 'DHAV'],
  ])('%s with %s is in a container no browser plays: the codec is not blamed', (container, codec, name) => {
    expect(obstacle(container, codec)).toEqual({ is: 'container', name });
    expect(obstacle(container, codec, safari)).toEqual({ is: 'container', name });
  });

  test('H.265 in MP4 is what the browser lacks, and only where it lacks it', () => {
    expect(obstacle('mov', 'hevc')).toEqual({ is: 'browser', name: 'H.265' });
    expect(obstacle('mov', 'hevc', safari)).toEqual({ is: 'damaged' });
  });

  test('a codec no browser knows is named as it is', () => {
    expect(obstacle('mov', 'prores')).toEqual({ is: 'browser', name: 'prores' });
    expect(obstacle('matroska', 'mjpeg')).toEqual({ is: 'browser', name: 'MJPEG' });
  });

  test('Matroska is named where the browser knows the codec and not the container', () => {
    expect(obstacle('matroska', 'h264')).toEqual({ is: 'browser', name: 'Matroska' });
    expect(obstacle('matroska', 'h264', () => true)).toEqual({ is: 'damaged' });
  });

  test('what the browser should play, or nobody could read, is damaged', () => {
    expect(obstacle('mov', 'h264')).toEqual({ is: 'damaged' });
    expect(obstacle('mov', null)).toEqual({ is: 'damaged' });
    expect(obstacleOf({ media: null }, chromium)).toEqual({ is: 'damaged' });
  });
});
