import { forgetSession } from '../actions/session';
import { log } from '../choices';
import { notice } from '../state';
import { texts } from '../texts';

// Something worth knowing that is no problem: decisions of an earlier visit were taken up, or a session waits for its files.
export function NoticeBox() {
  return (
    <div role="status">
      {notice.value && (
        <section class="promise notice-box">
          <p class="grow">{notice.value}</p>
          {log.value.length > 0 && (
            <button type="button" class="button" onClick={forgetSession}>
              {texts.session.startAfresh}
            </button>
          )}
          <button type="button" class="button" onClick={() => (notice.value = '')}>
            {texts.problem.dismiss}
          </button>
        </section>
      )}
    </div>
  );
}
