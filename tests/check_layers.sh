#!/usr/bin/env bash
# Dependencies point downward only (docs/architecture.md 3): fails with the lines that break the rule.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
status=0
# forbid FOLDER PATTERN: no source in FOLDER may include a header that matches PATTERN.
forbid() {
    local found
    if found=$(grep -rnE --include='*.hpp' --include='*.cpp' "^#include [\"<]($2)" "$1" ${3:+--exclude-dir="$3"}); then
        echo "$found"
        status=1
    fi
}
forbid core 'slack/|genie/|storage/|app/|tests/'
forbid slack 'genie/|storage/|app/|tests/'
forbid genie 'slack/|storage/|app/|tests/'
forbid storage 'core/net/|slack/|genie/|app/|tests/'
forbid app 'tests/'
forbid app 'sandbox/'
forbid sandbox 'slack/|genie/|storage/|app/|tests/'
# The rooms of the heart: what is decided and shown knows nothing of who asks for it.
forbid app/words 'slack/|genie/|storage/|app/(relay|answer|ops|commands|config)'
forbid app/answer 'storage/(storage|memory|lakebase)|app/(relay|ops|commands|config)'
forbid app/relay 'app/(ops|commands|config|service)'
forbid app/relay/directory 'app/relay/((turn|delivery|record|features)/|relay|lanes|intake)'
forbid app/relay/delivery 'app/relay/((record|features|turn)/|relay|lanes)'
forbid app/relay/turn 'app/relay/(features/|relay|lanes)'
forbid app/relay/record 'app/relay/(turn|features)/'
forbid app/relay/manners 'app/relay/(turn|delivery|directory|features)/'
forbid app/relay/intake.cpp 'app/relay/features/'
forbid app/relay/intake.hpp 'app/relay/features/'
forbid slack/text 'slack/(socket|api|events|blocks)/'
forbid slack/blocks 'slack/(socket|api|events)/'
forbid slack/events 'slack/(socket|api)/'
# Beast lives in core/net alone.
for folder in app slack genie storage; do forbid $folder 'boost/beast'; done
if found=$(find core -maxdepth 1 -name '*.?pp' -exec grep -nE '^#include [<"]boost/beast' {} +); then
    [ -n "$found" ] && { echo "$found"; status=1; }
fi
[ $status -eq 0 ] && echo "layers are clean"
exit $status
