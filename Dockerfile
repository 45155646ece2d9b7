# Web, worker and beat run from this one image; docker-compose.yml says with which command.
ARG PYTHON=python:3.11-slim-bookworm

# Real 仿宋 and 楷 (Fandol) and the bold Noto faces, unpacked without installing TeX or a font manager.
FROM ${PYTHON} AS fonts
WORKDIR /unpack
RUN apt-get update \
    && apt-get download texlive-lang-chinese fonts-noto-cjk \
    && for package in *.deb; do dpkg-deb --extract "$package" tree; done \
    && mkdir -p /fonts \
    && cp tree/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/Fandol[FHKS]*.otf /fonts/ \
    && cp tree/usr/share/fonts/opentype/noto/Noto*CJK-Bold.ttc /fonts/ \
    && cp tree/usr/share/doc/texlive-doc/fonts/fandol/COPYING* /fonts/ \
    && rm -rf /unpack /var/lib/apt/lists/*

FROM ${PYTHON} AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

FROM ${PYTHON}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CCGZT_DATA=/data
RUN groupadd --gid 10001 ccgzt \
    && useradd --uid 10001 --gid ccgzt --no-create-home --shell /usr/sbin/nologin ccgzt \
    && install --directory --owner ccgzt --group ccgzt --mode 0750 /data
COPY --from=fonts /fonts /usr/share/fonts/ccgzt
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The static files belong to the code: they are collected here, with a data folder that is thrown away.
RUN CCGZT_DATA=/tmp/build python manage.py collectstatic --no-input && rm -rf /tmp/build
USER ccgzt
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "campaign.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=5)"]
