// Every black-box test of the function against one running stack. Each file also runs alone.
import './main-job.test.ts'
import './hostile-callers.test.ts'
import './bad-input.test.ts'
import './policy.test.ts'
import './secrets.test.ts'
import './hostile-upstreams.test.ts'
import './counts.test.ts'
import './chat.test.ts'
