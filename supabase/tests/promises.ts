// What Astra promises about security and protocol, each kept by at least one test that cites it:
// `Deno.test(promises.<name>, …)`. promises.test.ts fails when a promise has no citation.

export const promises = {
  // Who gets in
  token_forged: 'a token that this project did not sign opens nothing',
  token_missing: 'a request without a token is 401 and touches nothing',
  metadata_is_no_claim: 'a team or role in user metadata changes nothing',
  foreign_ids: 'a person of another team reaches nothing by any id, through any operation',
  removed_member: 'a removed member is out with their very next request',
  admin_only: 'a member cannot perform an admin’s operation',
  several_teams: 'with several teams and none named, the answer lists them and nothing runs',
  members_see_their_own: 'a member sees their own executions, an analyst the whole team’s',

  // Secrets
  seal_bound: 'a sealed value opens only for its own team, server, field and key version',
  rotation: 'after a rotation everything that is sealed opens under the new key alone',
  rotation_loses_nothing:
    'no call fails because the keys are rotated, and nothing newer is overwritten',
  secret_never_answered: 'no operation ever answers with a secret',
  secret_never_stored:
    'a credential that an upstream echoes back is redacted before it is stored or answered',
  secret_not_in_parameters: 'a parameter named like a secret is stored redacted',
  credential_stays_with_host: 'a credential never follows a server to another host',
  credentials_unreadable: 'no client role reads the credentials table',
  hosted_refuses_private_hosts:
    'a hosted configuration with private upstream hosts refuses to start',

  // Signing in at servers
  accounts_apart: 'people with accounts of their own never call with one another’s token',
  sign_in_once: 'a sign-in is finished once',
  sign_in_ends: 'a sign-in that is older than ten minutes is over',
  sign_in_of_its_person:
    'a sign-in ends with its person’s right to it: membership for their own account, administering for the team’s',
  wrong_issuer_stops: 'an authorization response in another issuer’s name is exchanged for nothing',
  hostile_metadata:
    'what an authorization server says of itself never leads to a private or strange address',
  one_renewal: 'fifty calls with an ended token renew it once',
  tokens_unseen:
    'no token, code or client secret is in an answer, a row in the clear, or a log line',
  tokens_given_back: 'a removed server’s tokens are revoked where they came from',

  // The corridor
  called_once: 'a call whose connection breaks is not sent to its server again',
  row_before_call: 'no upstream is called before its execution is committed',
  denied_never_called: 'a denied tool is never called, and the attempt is on record',
  disabled_never_called: 'a tool or server that is switched off is never called',
  ask_needs_a_person:
    'a tool with policy ask does not run for anyone who has not seen its arguments',
  approval_once: 'an approval is answered once: a replayed answer does nothing',
  approval_of_its_person: 'an approval is answered by the person it is for and nobody else',
  admin_approves:
    'a tool that asks an admin runs only when an admin saw the arguments, however it is called',
  standing_yes:
    'a standing yes holds for one person, one tool as it was defined, while admins allow it',
  policy_on_record: 'every change of a policy is on record with whoever made it',
  limits_hold: 'exactly as many calls are admitted as a limit allows, however many begin at once',
  kept_result_is_the_same:
    'a kept result answers only equal arguments of the same definition, place and account',
  parameters_checked_first: 'parameters that break the schema are refused before anything is sent',
  warm_call_counts:
    'a warm call costs no auth request, one database round trip before, one after and one upstream request',
  answers_are_their_own:
    'a waiting execution is answered or cancelled by its own person and nobody else',
  question_reaches_its_own: 'a question of a server reaches only the person whose call asked it',
  no_clock_while_asked: 'while a person is asked no clock runs',
  waited_not_begun_anew: 'a call that waited is never begun anew elsewhere',
  waited_goes_on_as_it_was:
    'a call that waited goes on only once, as the same tool in the same place, still allowed',
  task_outlives_worker:
    'a task goes on when the process that began it dies, and its end is found by another',
  terminal_once: 'an execution ends exactly once and never changes afterwards',
  every_end_recorded: 'however an upstream misbehaves, the execution’s row ends with a typed error',
  idempotent_replay: 'a repeated idempotency key answers the first result and calls nothing',
  changed_tool_asks_again: 'a tool whose definition changed is no longer allowed unasked',
  failing_left_alone:
    'a server that failed five times in a row is left alone for a while, by every process',
  one_tries: 'of all who want to call a server that rests, one at a time tries it out',
  sent_once:
    'a call that may have reached one endpoint is sent to no other, unless that is allowed',
  checks_call_nothing: 'a health check calls no tool, and uses nobody’s own credential',
  failed_sync_keeps_tools: 'a failed sync leaves the known tools as they were',

  // Being told
  told_once: 'its person is told of the end of a call in the background, once, and nobody else is',
  delivery_signed:
    'a delivery is signed with its team’s own secret, and holds no argument, result or secret',
  delivered_or_given_up:
    'a delivery is sent until it arrives or is given up on record, by one process at a time',
  webhook_secret_once:
    'the signing secret of a webhook leaves in one answer, and is stored nowhere in the clear',
  device_told_of_its_persons_calls:
    'a device is told of its own person’s calls, and of those its person decides on, and of no others',
  device_taken_by_itself:
    'a device is taken over or moved only by the browser it is, never by who knows its address',
  push_for_its_device:
    'a push can be read by its device alone, and its push service knows who sent it',
  push_sent_or_given_up:
    'a push is sent until it is taken or given up, and a device that is gone is forgotten',
  answered_is_taken_back:
    'a question that was answered is not sent any more, and taken back where it was shown',
  whole_or_not_at_all: 'a notification offers to approve only what it shows to the last character',
  device_answers_as_its_person:
    'a notification answers once, for the decision it was made for, as its person could in the app',

  // Egress
  private_addresses: 'a private, local or malformed address is never contacted',
  no_redirects:
    'a redirect is followed only within its own origin, and no further than three times',
  checked_address_is_used: 'a named host is reached at exactly an address that was checked',
  tunnel_is_closed: 'nobody without the password passes the tunnel to upstreams',
  answer_cap: 'an answer that grows beyond the cap is cut off with a typed error',
  bad_upstream_leaves_good: 'a misbehaving upstream does not disturb the next call to a good one',

  // Input
  body_cap: 'a body over 4 MB is 413',
  bad_input_is_400: 'malformed input of any kind is a 400 that names the fault, never a 500',
  unknown_is_like_foreign: 'what does not exist and what is not yours get the same answer',
  errors_are_sentences: 'no answer ever carries a stack or a database message',

  // Chat
  history_is_ours: 'a client cannot put words into the history',
  message_runs_once: 'a message sent twice runs once',
  stop_cancels: 'stopping an answer cancels the running tool and ends its row',
  model_reads_what_is_listed:
    'a model reads only what a server has listed or linked, never an address of its own making',
  link_not_kept: 'a link to sign in is never part of a conversation',
  attached_is_data: 'nothing that is attached to a message is taken for a command',
  page_opens_by_hand: 'a page that a server wants opened is opened by a person’s own hand only',

  // Nothing lost
  restart_loses_nothing: 'stopping the stack and starting it again loses nothing',
  reaper_ends_rows: 'a row left by a killed function ends as unknown after its lease',
} as const
