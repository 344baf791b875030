/** Whether the page is on a phone: one picture, chips instead of a column of cameras. */
import { useEffect, useState } from 'preact/hooks';

const query = matchMedia('(max-width: 700px)');

export function isNarrow(): boolean {
  return query.matches;
}

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = (): void => {
      setNarrow(query.matches);
    };
    query.addEventListener('change', look);
    return () => {
      query.removeEventListener('change', look);
    };
  }, []);
  return narrow;
}
