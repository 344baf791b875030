/** What the cards of the status page are given. */
import type { Camera, Coverage, Session, Status } from '../../http/api/index.ts';

export interface StatusData {
  readonly status: Status;
  readonly cameras: readonly Camera[];
  /** Of the last day; undefined for roles that do not see coverage. */
  readonly coverage: Coverage | undefined;
}

/** For cards on which a person may decide something; `onChange`: it was decided. */
export interface HouseProps {
  readonly data: StatusData;
  readonly session: Session;
  readonly onChange: () => void;
}
