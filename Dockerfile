# syntax=docker/dockerfile:1
# genie-slack in a container: docker build -t genie-slack . && docker run --env-file genie-slack.env genie-slack
# (docs/packages.md). No secret is part of the image; what it needs comes by environment.
FROM debian:bookworm-slim AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /source
# The packages first, so that a change of the sources does not fetch them again.
COPY scripts/setup.sh scripts/setup.sh
# A list of packages is meant to be split.
# hadolint ignore=SC2086
RUN . scripts/setup.sh && apt-get update -qq && packages=$(build_packages) && ensure_packages $packages && \
    rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DGENIE_SLACK_SANDBOX=OFF && cmake --build build/release --target genie-slack genie_slack_charts && \
    strip build/release/genie-slack build/release/genie-slack-charts.so && build/release/genie-slack --version

FROM debian:bookworm-slim
# What the program is linked with, certificates, and a font for charts that Slack does not draw.
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        ca-certificates fonts-dejavu-core libboost-container1.81.0 libboost-json1.81.0 libboost-url1.81.0 libcairo2 libfmt9 libglib2.0-0 \
        libmd4c0 libpango-1.0-0 libpangocairo-1.0-0 libpq5 libprometheus-cpp-core1.0 libsoci-core4.0 \
        libsoci-postgresql4.0 libspdlog1.10 libssl3 libxlsxwriter4 zlib1g && \
    rm -rf /var/lib/apt/lists/* && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin genie-slack
COPY --from=build /source/build/release/genie-slack /usr/bin/genie-slack
COPY --from=build /source/build/release/genie-slack-charts.so /usr/lib/genie-slack/
# Numbers, so that Kubernetes sees that it is not root.
USER 10001:10001
WORKDIR /tmp
ENV PORT=8000 XDG_CACHE_HOME=/tmp
EXPOSE 8000
# Whether the process lives; whether it is ready says /readyz, which is no reason to restart it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
# SIGTERM hands the questions over within 15 seconds: docker stop --time 20.
ENTRYPOINT ["/usr/bin/genie-slack"]
