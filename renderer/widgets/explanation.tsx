import type { ChainStepDto, MembershipExplanationDto, PairExplanationDto } from '../../app/contract/page.ts';
import { absolute } from './format.ts';
import { KeyText } from './key-text.tsx';
import './explanation.css';

type Ref = PairExplanationDto['from'];
type Place = PairExplanationDto['values'][number]['from'];

/** Why one event is linked to another, or is not: the answer first, then all that it follows from. */
export function PairExplanation({ explanation }: { readonly explanation: PairExplanationDto }) {
  const { answer, reasons, rule, values, others, together } = explanation;
  const more = reasons.filter((text) => text !== answer);
  return (
    <div className="explanation">
      <p className="explanation-answer">{answer}</p>
      {more.length > 0 && (
        <ul className="explanation-reasons">
          {more.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {rule && (
        <p className="explanation-rule">
          Rule: <b>{rule.framework}</b>, field <code>{rule.field}</code>
          <span className="explanation-note">{rule.source}</span>
        </p>
      )}
      <Part title="What both carry">
        {values.length === 0 && <p className="explanation-note">They share no value.</p>}
        {values.map(({ name, value, from, to, text }) => (
          <div key={`${name}=${value}`} className="explanation-value">
            <KeyText name={name} value={value} />
            <span className="explanation-note">
              {samePlace(from, to)
                ? `both: ${placeWords(from)}`
                : `cause: ${placeWords(from)} · effect: ${placeWords(to)}`}
            </span>
            <span className="explanation-note">{text}</span>
          </div>
        ))}
      </Part>
      {others.length > 0 && (
        <Part title="Other causes considered">
          {others.map(({ event, confidence, lost }, index) => (
            <div key={event.id} className="explanation-value">
              <span>
                {index === 0 ? 'Runner-up: ' : ''}
                <b title={absolute(event.time)}>{refName(event)}</b>, {Math.round(confidence * 100)} %
              </span>
              <span className="explanation-note">It lost: {lost}</span>
            </div>
          ))}
        </Part>
      )}
      <Part title={together.same ? 'In one trace' : 'In two traces'}>
        <p className="explanation-note">{together.text}</p>
        <Chain steps={together.chain} />
      </Part>
    </div>
  );
}

/** Why an event is in a trace. */
export function MembershipExplanation({ explanation }: { readonly explanation: MembershipExplanationDto }) {
  return (
    <div className="explanation">
      <p className="explanation-answer">{explanation.answer}</p>
      <Chain steps={explanation.chain} />
    </div>
  );
}

/** Event by event, and between them what ties each to the one before. */
function Chain({ steps }: { readonly steps: readonly ChainStepDto[] }) {
  if (steps.length < 2) return null;
  return (
    <ol className="explanation-chain">
      {steps.map(({ event, by }) => (
        <li key={event.id}>
          {by && (
            <span className="explanation-tie">
              {by.kind === 'user' ? (
                'your link'
              ) : (
                <>
                  <KeyText name={by.name} value={by.value} />{' '}
                  {samePlace(by.from, by.to)
                    ? placeWords(by.to)
                    : `${placeWords(by.from)} → ${placeWords(by.to)}`}
                </>
              )}
            </span>
          )}
          <b title={absolute(event.time)}>{refName(event)}</b>
        </li>
      ))}
    </ol>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <>
      <p className="explanation-title">{title}</p>
      {children}
    </>
  );
}

/** "OrderPlaced on orders". */
export function refName({ type, channel }: Ref): string {
  return `${type ?? 'event'} on ${channel}`;
}

function placeWords({ origin, path }: Place): string {
  switch (origin) {
    case 'message-id':
      return 'its message id';
    case 'event-name':
      return 'its name';
    case 'cause':
      return `${path}, which names a cause`;
    case 'message-key':
      return 'message key';
    case 'trace-context':
      return path;
    default:
      return `${origin} ${path}`;
  }
}

function samePlace(a: Place, b: Place): boolean {
  return a.origin === b.origin && a.path === b.path;
}
