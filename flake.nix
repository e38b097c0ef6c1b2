{
  description = "FlareDB: a shell with the JDK and the Maven that build it";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAllSystems =
        shell: nixpkgs.lib.genAttrs systems (system: shell nixpkgs.legacyPackages.${system});
    in
    {
      # nix develop
      devShells = forAllSystems (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.temurin-bin-25
            pkgs.maven
          ];
          # Maven itself runs on it too, so that the check of the format does.
          JAVA_HOME = pkgs.temurin-bin-25;
          FLAREDB_JAVA_HOME = pkgs.temurin-bin-25;
        };
      });
    };
}
