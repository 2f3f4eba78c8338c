/** What the reference server claims beside the list of its declaration. */
export default ["HA-14", "HS-11", "HS-16", "HS-20", "AB-19", "AB-20", "AB-22", "AB-29"];
