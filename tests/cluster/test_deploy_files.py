"""What deploy/ says fits the program: settings, sources, routes, modules. No image was built and no chart installed here."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import services
import yaml
from cryptography.fernet import Fernet

from bondgenoot import cluster
from bondgenoot.settings import ROOT, SETTINGS, load

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("bondgenoot:")}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
TEMPLATES = sorted((DEPLOY / "helm" / "templates").glob("*.yaml"))
SECRET = re.compile(r"(PASSWORD|_KEY|AUTH|_URL)$|AUTH_TOKEN")
ROLES = {"server": "channels.serve", "actions": "rasa_sdk", "dispatcher": "bondgenoot.dispatcher"}


def secrets_made(folder: Path) -> dict[str, str]:
    """What deploy/make-secrets.sh writes, with what an operator fills in."""
    shutil.copy(DEPLOY / "make-secrets.sh", folder)
    subprocess.run([str(folder / "make-secrets.sh")], check=True, capture_output=True)
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    made = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    filled_in = {
        "BONDGENOOT_PUBLIC_URL": "https://chat.example",
        "BONDGENOOT_TOKEN_ISSUER": "https://intranet.example",
        "BONDGENOOT_TOKEN_KEY": "a public key of somebody",
    }
    assert {name for name, value in made.items() if not value} == set(filled_in)
    return made | filled_in


def resolved(text: str, values: dict[str, str]) -> str:
    """Compose's own ${NAME}, ${NAME:-default} and ${NAME:?reason}."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        given = values.get(name) or (rest if kind == ":-" else "")
        assert given or kind == ":-", f"{name} is needed and not made"
        return given

    return re.sub(r"\$\{([A-Z_]+)(?:(:-|:\?)([^}]*))?\}", value, str(text))


class TestCompose:
    def test_two_of_each_run_and_only_the_proxy_has_a_door(self) -> None:
        for role in ("server", "actions", "dispatcher"):
            assert f"{role}-1" in SERVICES and f"{role}-2" in SERVICES
            module = SERVICES[f"{role}-1"]["command"][0]
            assert module == ROLES[role] and importlib.util.find_spec(module)
        assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
        assert SERVICES["proxy"]["ports"][0].startswith("127.0.0.1:")
        assert COMPOSE["networks"]["inside"]["internal"] is True
        assert {name for name, service in SERVICES.items() if service["networks"] != ["inside"]} == {"proxy"}

    def test_images_are_official_or_our_own(self) -> None:
        names = {service["image"].partition(":")[0] for service in SERVICES.values()}
        assert names == {"bondgenoot", "nginx", "postgres", "redis"}
        assert set(re.findall(r"^FROM (\S+?):", DOCKERFILE, re.MULTILINE)) == {"python"}

    def test_no_secret_stands_in_it(self) -> None:
        for name, service in SERVICES.items():
            for variable, value in service.get("environment", {}).items():
                if SECRET.search(variable) and not variable.startswith(("BONDGENOOT_SERVER", "BONDGENOOT_ACTIONS")):
                    assert "${" in str(value), f"{name}: {variable}"
        ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/.env"], cwd=ROOT, check=False)
        assert ignored.returncode == 0

    def test_what_it_sets_are_settings_that_the_program_takes(self, tmp_path: Path) -> None:
        values = secrets_made(tmp_path)
        for service in OURS.values():
            environment = {name: resolved(value, values) for name, value in service["environment"].items()}
            assert set(environment) - set(SETTINGS) == {"SANIC_HOST"}
            loaded = load(environment)
            assert loaded.server_url == f"http://proxy:{SERVICES['proxy']['environment']['PROXY_INSIDE']}"
            assert loaded.actions_url == f"http://proxy:{SERVICES['proxy']['environment']['PROXY_ACTIONS']}"
            assert values["POSTGRES_PASSWORD"] in loaded.database_url
            Fernet(environment["BONDGENOOT_DATA_KEY"])

    def test_nothing_of_ours_runs_as_root_or_writes_outside_memory(self) -> None:
        for service in [*OURS.values(), SERVICES["proxy"]]:
            assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
            assert service["tmpfs"][0].startswith("/tmp")
        assert int(SERVICES["proxy"]["user"].partition(":")[0]) > 0
        user = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
        assert user and int(user[-1]) > 0
        assert "BONDGENOOT_HOME=/tmp/" in DOCKERFILE

    def test_nginx_takes_what_it_fills_in(self, tmp_path: Path) -> None:
        told = SERVICES["proxy"]["environment"]
        # nginx looks the names up when it reads them, and they exist between containers only.
        values = {name: re.sub(r"\b(server|actions)-\d", "127.0.0.1", str(value)) for name, value in told.items()}
        assert (
            "server server-2:5005" in told["PROXY_SERVERS"] and "server actions-2:5055" in told["PROXY_ACTION_SERVERS"]
        )
        path = tmp_path / "nginx.conf"
        path.write_text(cluster.fill_in(cluster.TEMPLATE.read_text(), values | {"PROXY_FOLDER": str(tmp_path)}))
        result = subprocess.run([services.nginx(), "-t", *cluster.arguments(path)], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr

    def test_compose_itself_takes_it(self, tmp_path: Path) -> None:
        command, text = services.compose(), (DEPLOY / "compose.yml").read_text(encoding="utf-8")
        if len(command) == 1:
            # Compose 1 knows all of it but this line.
            text = re.sub(r"^name: bondgenoot\n", "", text, flags=re.MULTILINE)
        (tmp_path / "compose.yml").write_text(text, encoding="utf-8")
        told = [*command, "-f", str(tmp_path / "compose.yml"), "config", "-q"]
        without = {name: value for name, value in os.environ.items() if not name.startswith("BONDGENOOT_")}
        refused = subprocess.run(told, env=without, capture_output=True, text=True)
        assert refused.returncode != 0 and "make-secrets.sh" in refused.stderr
        result = subprocess.run(told, env={**without, **secrets_made(tmp_path)}, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr


class TestTheImage:
    def test_it_is_made_of_what_is_there_and_packages_are_checked(self) -> None:
        ignore = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
        assert ignore[ignore.index("*") - 1 :], "everything is left out but what is named"
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
            for source in line.split():
                assert (ROOT / source).exists(), source
                assert any(Path(source).match(allowed[1:]) for allowed in ignore if allowed[0] == "!"), source
        assert not any(allowed.startswith("!var") for allowed in ignore)
        installs = re.findall(r"pip install (?!-)\S+|pip install .*", DOCKERFILE)
        assert installs and all("--require-hashes -r requirements" in line for line in installs)
        # The line that it takes out is there.
        assert re.search(r"^channels\.local_rest\.LocalRestInput", (ROOT / "credentials.yml").read_text(), re.MULTILINE)

    def test_what_is_copied_is_enough_to_migrate_and_to_import_every_role(self, tmp_path: Path) -> None:
        app = tmp_path / "app"
        app.mkdir()
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
            for source in map(ROOT.joinpath, line.split()):
                if source.is_dir():
                    shutil.copytree(source, app / source.name, ignore=shutil.ignore_patterns("node_modules"))
                else:
                    shutil.copy(source, app)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BONDGENOOT_")}
        environment |= {"PYTHONPATH": str(app), "BONDGENOOT_HOME": str(tmp_path / "home")}
        modules = "channels.serve, channels.intranet, channels.health, components.tracker_store, components.lock_store"
        code = f"import {modules}, bondgenoot.dispatcher, actions.commitment, bondgenoot.content as c; c.content()"
        for command in (["-m", "bondgenoot", "migrate"], ["-c", code]):
            result = subprocess.run(
                [sys.executable, *command], cwd=app, env=environment, capture_output=True, text=True
            )
            assert result.returncode == 0, result.stderr[-2000:]
        assert (tmp_path / "home" / "bondgenoot.db").exists()

    def test_secrets_are_made_once_and_for_their_owner_only(self, tmp_path: Path) -> None:
        secrets_made(tmp_path)
        made = (tmp_path / ".env").read_bytes()
        assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
        assert subprocess.run([str(tmp_path / "make-secrets.sh")], capture_output=True).returncode == 1
        assert (tmp_path / ".env").read_bytes() == made


class TestHealth:
    def test_a_route_that_is_asked_exists(self) -> None:
        from rasa_sdk.endpoint import create_app

        from channels.health import HealthInput

        asked = {role: str(SERVICES[f"{role}-1"]["healthcheck"]["test"]) for role in ("server", "actions")}
        assert f":5005{HealthInput().url_prefix()}'" in asked["server"]
        paths = {f"/{route.path}" for route in create_app("actions").router.routes}
        assert "/health" in paths and ":5055/health'" in asked["actions"]
        # That of the proxy is asked of a real nginx in test_the_proxy.py.
        assert f":{SERVICES['proxy']['environment']['PROXY_FRONT']}/health" in str(SERVICES["proxy"]["healthcheck"])


def rendered(template: Path) -> list[Any]:
    """A template with its values. Helm can do more; these templates use no more than this."""
    values = yaml.safe_load((DEPLOY / "helm" / "values.yaml").read_text(encoding="utf-8"))
    values = {"Values": values, "Release": {"Name": "bondgenoot"}}

    def value(found: re.Match[str]) -> str:
        here: Any = values
        for name in found[1].split(".")[1:]:
            here = here[name]
        assert isinstance(here, (str, int)), found[0]
        return str(here)

    text = re.sub(r"\{\{ ((?:\.\w+)+) \}\}", value, template.read_text(encoding="utf-8"))
    # What is left over would be a construct that this does not know; YAML itself may close two braces.
    assert "{{" not in text, template
    return list(yaml.safe_load_all(text))


class TestTheChart:
    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
    def test_a_template_becomes_yaml_with_the_values(self, template: Path) -> None:
        for document in rendered(template):
            assert document["apiVersion"] and document["kind"] and document["metadata"]["name"].startswith("bondgenoot")

    def test_its_settings_are_settings_and_no_secret_is_among_them(self) -> None:
        (settings,) = rendered(DEPLOY / "helm" / "templates" / "settings.yaml")
        assert set(settings["data"]) - set(SETTINGS) == {"SANIC_HOST"}
        load(settings["data"])
        named = set(re.findall(r"BONDGENOOT_[A-Z_]+", (DEPLOY / "helm" / "values.yaml").read_text(encoding="utf-8")))
        assert named <= set(SETTINGS) and not named & set(settings["data"])

    def test_its_addresses_are_those_of_its_services(self) -> None:
        (settings,) = rendered(DEPLOY / "helm" / "templates" / "settings.yaml")
        known = {
            f"http://{one['metadata']['name']}:{one['spec']['ports'][0]['port']}"
            for one in rendered(DEPLOY / "helm" / "templates" / "services.yaml")
            if one["kind"] == "Service"
        }
        assert {settings["data"]["BONDGENOOT_SERVER_URL"], settings["data"]["BONDGENOOT_ACTIONS_URL"]} == known

    @pytest.mark.parametrize("role", ROLES)
    def test_a_pod_runs_its_role_without_root_and_without_names_of_services(self, role: str) -> None:
        (deployment,) = rendered(DEPLOY / "helm" / "templates" / f"{role}.yaml")
        pod = deployment["spec"]["template"]["spec"]
        # Kubernetes sets BONDGENOOT_ACTIONS_PORT for a service of that name, to something that is no port.
        assert pod["enableServiceLinks"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        assert container["args"][0] == ROLES[role]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert deployment["spec"]["replicas"] >= 2
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if role != "dispatcher":
                asked = container[probe]["httpGet"]
                assert asked == {"path": "/health", "port": container["ports"][0]["containerPort"]}
